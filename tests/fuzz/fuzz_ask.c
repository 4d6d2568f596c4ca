/*
 * fuzz_ask.c - any bytes as the address, query, form and cookie of a visit,
 * and as what a command hands to a serving process.
 *
 * Rules checked: nothing crashes or reads beyond what came; an address that is
 * taken is made of its few characters; a page that asks for nothing takes no
 * name of ours; a field is UTF-8 without controls; a
 * link made from a question is harmless inside an attribute; the journal's
 * line of any text is one line.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/text.h"
#include "sync/aggregator/admin/control_wire.h"
#include "sync/aggregator/http/http_shape.h"
#include "sync/aggregator/ops/journal.h"
#include "sync/aggregator/web/routes.h"
#include "sync/aggregator/web/sections.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool inside(struct str part, struct str whole)
{
    return part.len == 0 || (part.data >= whole.data &&
                             part.data + part.len <= whole.data + whole.len);
}

static void try_target(const char *text)
{
    struct target t;
    BUF(allow, MAX_TEXT);
    if (!shape_target(text, &t))
        return;
    ASSERT(strlen(t.path) <= PATH_MAX_BYTES && strlen(t.query) <= QUERY_MAX);
    ASSERT(!strpbrk(t.path, "%\"'<>&\\ ") && !strpbrk(t.query, "%\"'<>\\/ "));
    ASSERT(t.len == strlen(text));
    const struct route *r = route_of("GET", t.path, &allow);
    if (!r || *r->params != '\0')
        return;
    /* Names that are nobody's are passed over; one of ours is none of its. */
    BUF(more, QUERY_MAX + 16);
    buf_printf(&more, "%s&fair=A", t.query);
    ASSERT(!route_takes(r, buf_slice(&more)));
}

static void try_visit(struct str s)
{
    static const char *const names[] = { "name", "fair", "csrf", "do", "" };
    struct visit v = { .ask = { .query = s, .body = s } };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        BUF(out, FORM_MAX);
        ASSERT(inside(visit_param(&v, names[i]), s));
        if (!visit_field(&v, names[i], &out)) {
            ASSERT(out.len == 0);
            continue;
        }
        ASSERT(utf8_valid(buf_slice(&out)));
        for (size_t k = 0; k < out.len; k++)
            ASSERT((unsigned char)out.data[k] >= 0x20 && out.data[k] != 0x7f);
    }
}

/* Texts of a question come from a query or from what the store holds. */
static void try_link(const char *text, size_t which)
{
    const struct route *r = &web_routes[0];
    struct report_query q = { .kind = text,
                              .fair = text,
                              .with = text,
                              .source = text,
                              .booth = text,
                              .by = text,
                              .device = text,
                              .day = 20200114,
                              .seq = 3,
                              .limit = 9 };
    BUF(out, MAX_TEXT);
    BUF(carry, MAX_TEXT);
    for (which %= 16; which > 0 && r[1].path; which--)
        r++;
    href_put(&out, r->path, &q);
    carry_put(&carry, r->path, &q);
    ASSERT(!strpbrk(buf_text(&out), "\"'<>"));
    ASSERT(utf8_valid(buf_slice(&out)));
}

static void hear(void *ctx, struct str line)
{
    BUF(safe, MAX_TEXT);
    (void)ctx;
    ASSERT(line.len > 0 && line.data[line.len - 1] == '\n');
    line.len--;
    text_emit_terminal(&safe, line);
    ASSERT(str_eq(buf_slice(&safe), line));
}

static void try_journal(const char *text)
{
    journal_to(hear, NULL);
    journal(JOURNAL_INFO, "fuzz",
            JOURNAL_FIELDS({ "a", text, 0 }, { "b", text, 0 }));
}

static void try_control(struct str s)
{
    struct str rest = s, part;
    uint32_t n;
    while (wire_take_string(&rest, &part))
        ASSERT(inside(part, s) && inside(rest, s));
    while (wire_take_number(&rest, &n))
        ASSERT(inside(rest, s));
}

static void try_cookie(struct str s)
{
    uint8_t hash[SESSION_HASH];
    char hex[TOKEN_TEXT + 1], word[TOKEN_TEXT + 1];
    ASSERT(!token_hash(s, hash) || s.len == TOKEN_TEXT);
    ASSERT(!link_hash(s, hex) || s.len == TOKEN_TEXT);
    csrf_token(s, word);
    ASSERT(word[0] == '\0' || csrf_is(s, str_of(word)));
    ASSERT(!csrf_is(STR("0"), s));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data, size };
    BUF(text, FORM_MAX + 1);
    if (size > FORM_MAX)
        return 0;
    sign_init();
    buf_str(&text, s);
    try_target(buf_text(&text));
    try_visit(s);
    try_link(buf_text(&text), size);
    try_journal(buf_text(&text));
    try_control(s);
    try_cookie(s);
    return 0;
}
