/*
 * fuzz_receipt.c - any bytes as the words of a sale, printed in every way.
 *
 * The input is texts, each behind the byte that says how long it is: name,
 * unit, producer, stamp, SKU of two lines, and references. They are sold at a
 * till as they are, its slip made in both widths; and the whole input is a job
 * of its own. Rules checked: nothing crashes; a slip's lines are text for a
 * terminal and fit its width; a printer gets the commands of our slips and
 * visible characters, nothing else, and cuts once; its drawer opens when we
 * say so.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"
#include "fair/text.h"
#include "pos/paper/receipt.h"
#include "pos/paper/slip.h"
#include "tests/support/till_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SALES_MOST = 3000, INPUT_MAX = 2048 };

static struct till_fixture f;
static int sales;

/* ---- what a printer gets ------------------------------------------------- */

struct seen {
    int begun, kicks, cuts;
};

static unsigned take(struct str *s)
{
    ASSERT(s->len > 0);
    unsigned c = (unsigned char)s->data[0];
    s->data++;
    s->len--;
    return c;
}

static void take_raster(struct str *s)
{
    ASSERT(take(s) == '0' && take(s) == 0);
    size_t bytes = take(s);
    bytes += 256 * take(s);
    size_t rows = take(s);
    rows += 256 * take(s);
    ASSERT(bytes * rows <= s->len);
    s->data += bytes * rows;
    s->len -= bytes * rows;
}

static void take_command(struct str *s, unsigned first, struct seen *seen)
{
    unsigned which = first << 8 | take(s);
    switch (which) {
    case 0x1B40: seen->begun++; break;
    case 0x1C2E: break;
    case 0x1B74: take(s); break;
    case 0x1B64: ASSERT(take(s) < 20); break;
    case 0x1D21: ASSERT((take(s) & ~0x11u) == 0); break;
    case 0x1B70:
        ASSERT(take(s) < 2 && take(s) == 50 && take(s) == 250);
        seen->kicks++;
        break;
    case 0x1D56:
        ASSERT(take(s) == 1);
        seen->cuts++;
        break;
    case 0x1D76: take_raster(s); break;
    default: err_die("command", (int)which, "to the printer");
    }
}

static void check_bytes(struct str s, const struct job *job)
{
    struct seen seen = { 0 };
    while (s.len > 0) {
        unsigned c = take(&s);
        if (c == 0x1B || c == 0x1C || c == 0x1D)
            take_command(&s, c, &seen);
        else
            ASSERT(c == '\n' || (c >= 0x20 && c != 0x7f));
    }
    bool printed = job->text.len > 0 || job->qr.len > 0;
    ASSERT(seen.begun == 1 && seen.cuts == printed);
    ASSERT(seen.kicks == job->drawer);
}

static void check_lines(struct str s, int columns)
{
    BUF(safe, MAX_OUTPUT);
    while (s.len > 0) {
        const char *end = memchr(s.data, '\n', s.len);
        ASSERT(end);
        struct str line = { s.data, (size_t)(end - s.data) };
        buf_clear(&safe);
        text_emit_terminal(&safe, line);
        ASSERT(str_eq(buf_slice(&safe), line));
        ASSERT(columns == 0 || text_width(line) <= columns);
        s.data += line.len + 1;
        s.len -= line.len + 1;
    }
}

static void print(const struct job *job, int columns)
{
    static const char font[] =
        "/usr/share/fonts/truetype/noto/NotoMono-Regular.ttf";
    struct printer p = { .device = "none",
                         .columns = columns,
                         .table = -1,
                         .table_capitals = -1,
                         .font = font,
                         .cut = true };
    for (int profile = PROFILE_RASTER; profile <= PROFILE_TEXT; profile++) {
        BUF(bytes, MAX_OUTPUT);
        if (profile == PROFILE_RASTER && job->text.len % 8 != 0)
            continue; /* dots take a hundred times as long */
        p.profile = (enum profile)profile;
        p.table = profile == PROFILE_VISCII ? 60 : -1;
        if (job_render(&p, job, &bytes, NULL) != ERR_OK)
            continue;
        if (profile == PROFILE_TEXT)
            check_lines(buf_slice(&bytes), 0);
        else
            check_bytes(buf_slice(&bytes), job);
    }
}

/* ---- a sale -------------------------------------------------------------- */

/* What no event holds, because none decodes with it (fuzz_event.c): controls,
 * and what is not UTF-8 in NFC. */
static bool holds(struct str s)
{
    size_t at = 0;
    int32_t code;
    while ((code = utf8_next(s, &at)) >= 0) {
        if (code < 0x20 || (code >= 0x7f && code < 0xa0))
            return false;
    }
    return text_is_nfc(s);
}

static struct str text(struct str *input)
{
    if (input->len == 0)
        return STR("x");
    size_t n = take(input);
    n = n < input->len ? n : input->len;
    struct str out = { input->data, n };
    input->data += n;
    input->len -= n;
    return holds(out) ? out : STR("?");
}

static struct line line(struct str *input)
{
    struct line l = { .sku = STR("KHAC"),
                      .milli = 1500,
                      .price_vnd = 20000,
                      .amount_vnd = 29000 };
    l.name = text(input);
    l.unit = text(input);
    l.more.seller = text(input);
    l.more.stamp = text(input);
    l.more.discount_vnd = 1000;
    l.more.unlisted = 1;
    return l;
}

static bool sell(struct str input, int64_t *seq)
{
    static union body body;
    struct body_sale *s = &body.sale;
    memset(&body, 0, sizeof(body));
    s->n_lines = 2;
    s->lines[0] = line(&input);
    s->lines[1] = line(&input);
    s->total_vnd = 58000;
    s->change_vnd = 2000;
    s->n_tenders = 2;
    s->tenders[0] = (struct tender){ STR("transfer"), 10000, text(&input) };
    s->tenders[1] = (struct tender){ STR("cash"), 50000, text(&input) };
    s->reference = text(&input);
    s->basket = text(&input);
    struct ledger_entry entry = {
        .kind = EV_SALE, .body = &body, .day = 20200114, .shift = 1, .list = 1
    };
    return ledger_append(f.till.ledger, &entry, seq) == ERR_OK;
}

/* Every third one is given back, the slips of which say more. */
static bool take_back(struct str input, int64_t of, int64_t *seq)
{
    static union body body;
    memset(&body, 0, sizeof(body));
    struct line lines[2] = { line(&input), line(&input) };
    struct tender cash = { STR("cash"), 58000, STR("") };
    bool whole = of % 2;
    if (whole) {
        body.voided = (struct body_void){ .day = 20200114,
                                          .at_ms = 1578963600000,
                                          .of = of,
                                          .n_lines = 2,
                                          .n_tenders = 1,
                                          .total_vnd = 58000 };
        memcpy(body.voided.lines, lines, sizeof(lines));
        body.voided.tenders[0] = cash;
    } else {
        body.refund = (struct body_refund){ .foreign = text(&input),
                                            .n_lines = 2,
                                            .n_tenders = 1,
                                            .total_vnd = 58000 };
        memcpy(body.refund.lines, lines, sizeof(lines));
        body.refund.tenders[0] = cash;
    }
    struct ledger_entry entry = { .kind = whole ? EV_VOID : EV_REFUND,
                                  .body = &body,
                                  .day = 20200114,
                                  .shift = 1,
                                  .list = 1 };
    return ledger_append(f.till.ledger, &entry, seq) == ERR_OK;
}

static void show(int64_t seq)
{
    for (int i = 0; i < 4; i++) {
        int columns = i % 2 ? SLIP_WIDE : SLIP_NARROW;
        BUF(out, MAX_OUTPUT);
        struct sheet sheet;
        enum err e = receipt_render(&f.till, seq, columns, i > 1, &out);
        ASSERT(e == ERR_OK);
        check_lines(buf_slice(&out), columns);
        sheet_init(&sheet);
        e = receipt_job(&f.till, seq, columns, i > 1, &sheet);
        ASSERT(e == ERR_OK && sheet.job.drawer == (i < 2));
        if (i == 0)
            print(&sheet.job, columns);
        sheet_done(&sheet);
    }
}

static void tear_down(void)
{
    till_fixture_done(&f);
}

static void new_till(void)
{
    if (sales > 0)
        tear_down();
    else
        i18n_init("vi");
    till_fixture_init(&f);
    till_fixture_open(&f);
    till_fixture_shift(&f, 500000);
    sales = 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = { (const char *)data, size };
    struct job job = { .text = s, .qr_caption = s };
    int64_t seq;
    if (size > INPUT_MAX)
        return 0;
    if (sales == 0)
        atexit(tear_down);
    if (sales == 0 || sales > SALES_MOST)
        new_till();
    print(&job, SLIP_NARROW);
    job.qr = STR("00020101");
    print(&job, SLIP_WIDE);
    if (sell(s, &seq)) {
        int64_t back;
        sales++;
        show(seq);
        if (size % 3 == 0 && take_back(s, seq, &back)) {
            show(back);
            show(seq);
        }
    }
    return 0;
}
