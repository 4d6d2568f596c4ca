/*
 * markup.c - see markup.h.
 */
#include "tests/support/markup.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fair/buf.h"

enum { DEPTH = 64, NAME = 16 };

struct tags {
    const char *what; /* for messages */
    const char *at;
    char open[DEPTH][NAME];
    int depth;
};

static bool is_void(const char *name)
{
    static const char *const voids[] = { "meta", "link", "img", "input", "br" };

    for (size_t i = 0; i < ARRAY_LEN(voids); i++) {
        if (strcmp(name, voids[i]) == 0)
            return true;
    }
    return false;
}

static void take_name(struct tags *t, char name[NAME])
{
    int n = 0;

    while (isalnum((unsigned char)*t->at) && n < NAME - 1)
        name[n++] = *t->at++;
    name[n] = '\0';
    if (n == 0)
        fail_msg("%s: a < that begins no tag: %.60s", t->what, t->at);
}

/* Name, and a value in double quotes or none. */
static void take_attribute(struct tags *t, const char *tag, bool *src)
{
    size_t len = strspn(t->at, "abcdefghijklmnopqrstuvwxyz-");

    if (len == 0)
        fail_msg("%s: no attribute in <%s: %.60s", t->what, tag, t->at);
    if ((len == 5 && strncmp(t->at, "style", len) == 0) ||
        strncmp(t->at, "on", 2) == 0)
        fail_msg("%s: inline style or script: %.60s", t->what, t->at);
    *src = *src || (len == 3 && strncmp(t->at, "src", len) == 0);
    t->at += len;
    if (*t->at != '=')
        return;
    if (t->at[1] != '"')
        fail_msg("%s: a value without quotes: %.60s", t->what, t->at);
    t->at = strchr(t->at + 2, '"');
    assert_non_null(t->at);
    t->at++;
}

static void take_attributes(struct tags *t, const char *tag, bool *src)
{
    while (*t->at != '>') {
        if (*t->at != ' ')
            fail_msg("%s: in <%s: %.60s", t->what, tag, t->at);
        t->at++;
        take_attribute(t, tag, src);
    }
    t->at++;
}

static void take_open(struct tags *t)
{
    char name[NAME];
    bool src = false;

    take_name(t, name);
    take_attributes(t, name, &src);
    if (strcmp(name, "script") == 0 &&
        (!src || strncmp(t->at, "</script>", 9) != 0))
        fail_msg("%s: a script in the page", t->what);
    if (is_void(name))
        return;
    assert_true(t->depth < DEPTH);
    memcpy(t->open[t->depth++], name, NAME);
}

static void take_close(struct tags *t)
{
    char name[NAME];

    t->at++;
    take_name(t, name);
    if (*t->at++ != '>' || t->depth == 0 ||
        strcmp(t->open[t->depth - 1], name) != 0)
        fail_msg("%s: </%s> where <%s> is open: %.60s", t->what, name,
                 t->depth > 0 ? t->open[t->depth - 1] : "nothing", t->at);
    t->depth--;
}

void markup_is_whole(const char *page, const char *what)
{
    static const char first[] = "<!DOCTYPE html>\n";
    struct tags t = { .what = what, .at = page };

    assert_memory_equal(t.at, first, strlen(first));
    t.at += strlen(first);
    while ((t.at = strpbrk(t.at, "<>")) != NULL) {
        if (*t.at == '>')
            fail_msg("%s: a > that ends nothing: %.60s", what, t.at);
        t.at++;
        if (*t.at == '/')
            take_close(&t);
        else
            take_open(&t);
    }
    if (t.depth != 0)
        fail_msg("%s: <%s> is never closed", what, t.open[t.depth - 1]);
}

/* A number as it is, and as people of either language group it. */
bool markup_says(const char *text, int64_t n)
{
    static const char seps[] = { '\0', '.', ',' };
    for (size_t i = 0; i < ARRAY_LEN(seps); i++) {
        BUF(digits, 32);
        BUF(grouped, 64);
        buf_int(&digits, n);
        for (size_t k = 0; k < digits.len; k++) {
            if (k > 0 && (digits.len - k) % 3 == 0 && seps[i])
                buf_putc(&grouped, seps[i]);
            buf_putc(&grouped, digits.data[k]);
        }
        if (strstr(text, buf_text(&grouped)))
            return true;
    }
    return false;
}
