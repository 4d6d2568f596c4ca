/*
 * test_journal.c - a line of the journal is one line, whatever is in it.
 */
#include "sync/aggregator/ops/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buf got;

static void keep(void *ctx, struct str line)
{
    (void)ctx;
    buf_clear(&got);
    buf_str(&got, line);
}

static int open_sink(void **state)
{
    (void)state;
    buf_init(&got, MAX_TEXT);
    journal_to(keep, NULL);
    return 0;
}

static int close_sink(void **state)
{
    (void)state;
    journal_to(NULL, NULL);
    buf_done(&got);
    return 0;
}

static void fields_come_in_order_behind_the_event(void **state)
{
    (void)state;
    journal(JOURNAL_INFO, "started",
            JOURNAL_FIELDS({ .name = "address", .text = "127.0.0.1" },
                           { .name = "port", .n = 8443 }));
    assert_string_equal(buf_text(&got),
                        "<6>event=started address=127.0.0.1 port=8443\n");
}

static void a_value_cannot_forge_a_field_or_a_line(void **state)
{
    static const struct {
        const char *value, *line;
    } cases[] = {
        { "a b", "<4>event=x v=\"a b\"\n" },
        { "a=b", "<4>event=x v=\"a=b\"\n" },
        { "", "<4>event=x v=\"\"\n" },
        { "say \"no\"", "<4>event=x v=\"say \\\"no\\\"\"\n" },
        { "a\\", "<4>event=x v=\"a\\\\\"\n" },
        { "a\n<3>event=y", "<4>event=x v=\"a\\\\x0a<3>event=y\"\n" },
        { "\x1b[2J", "<4>event=x v=\"\\\\x1b[2J\"\n" },
        { "\xff", "<4>event=x v=\"\\\\xff\"\n" },
        { "Hạ-Long", "<4>event=x v=Hạ-Long\n" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        journal(JOURNAL_WARNING, "x",
                JOURNAL_FIELDS({ .name = "v", .text = cases[i].value }));
        assert_string_equal(buf_text(&got), cases[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_come_in_order_behind_the_event),
        cmocka_unit_test(a_value_cannot_forge_a_field_or_a_line),
    };
    return cmocka_run_group_tests(tests, open_sink, close_sink);
}
