/*
 * test_15_paper.c - promise 15: 500 attacks on slips, in every alphabet. The
 * printer gets the commands of our slips and visible characters, cuts once,
 * and keeps its drawer shut.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/text.h"
#include "pos/paper/printer.h"
#include "pos/paper/slip.h"
#include "tests/support/payloads.h"
#include "tests/support/press.h"
#include "tests/support/promise.h"

enum { LONGEST = 500 }; /* bytes: reading slips back is slow */

static int64_t looked;

static void payload_lines(struct buf *out, int i, int columns)
{
    BUF(text, MAX_OUTPUT);
    struct slip slip = { out, columns };
    payload_put(&text, i);
    if (text.len > LONGEST)
        buf_cut(&text, LONGEST);
    slip_center(&slip, buf_slice(&text));
    slip_text(&slip, buf_slice(&text));
    slip_pair(&slip, 2, buf_slice(&text), STR("1.000"));
    slip_pair(&slip, 2, STR("x"), buf_slice(&text));
    buf_str(out, buf_slice(&text)); /* as if nobody had laid it out */
    buf_putc(out, '\n');
}

static void print(const struct printer *p, int i)
{
    BUF(lines, MAX_OUTPUT);
    BUF(bytes, MAX_OUTPUT);
    payload_lines(&lines, i, SLIP_NARROW);
    struct job job = { .text = buf_slice(&lines),
                       .large = { 1 },
                       .n_large = 1 };
    assert_int_equal(job_render(p, &job, &bytes, NULL), ERR_OK);
    looked++;
    if (p->profile == PROFILE_TEXT) {
        inert_text(buf_slice(&bytes), "text for a printer");
        return;
    }
    struct press *press = press_open();
    press_print(press, buf_slice(&bytes));
    assert_int_equal(press->kicks, 0);
    assert_int_equal(press->cuts, 1);
    assert_int_equal(press->begun, 1);
    press_close(press);
}

static void a_printer_prints_them(void **state)
{
    struct printer p = { .device = "none",
                         .columns = SLIP_NARROW,
                         .table = -1,
                         .table_capitals = -1,
                         .font = "",
                         .drawer_pin = 0,
                         .cut = true };
    (void)state;
    for (int i = 0; i < PAYLOADS; i++) {
        for (int profile = PROFILE_RASTER; profile <= PROFILE_TEXT; profile++) {
            p.profile = (enum profile)profile;
            p.table = profile == PROFILE_VISCII ? 60 : -1;
            print(&p, i);
        }
    }
}

static void tell(void **state)
{
    (void)state;
    promise(15, "slips-printed", looked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_printer_prints_them),
        cmocka_unit_test(tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
