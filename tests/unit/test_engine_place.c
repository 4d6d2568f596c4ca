/*
 * How people are told of a database: never a password.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sync/aggregator/engine/engine.h"

static void a_place_is_told_without_its_secrets(void **state)
{
    static const struct {
        const char *where, *told;
    } rows[] = {
        { "/var/lib/fair/a@b?c", "/var/lib/fair/a@b?c" },
        { "postgresql://db.example/fair", "postgresql://db.example/fair" },
        { "postgresql://db:5432/fair?sslmode=require",
          "postgresql://db:5432/fair" },
        { "postgres://fair:geheim@db/fair", "postgres://fair@db/fair" },
        { "postgresql://fair:geh:eim@db/fair", "postgresql://fair@db/fair" },
        { "postgresql://fair:ge@heim@db/fair", "postgresql://fair@db/fair" },
        { "postgresql:///fair?user=me&password=geheim", "postgresql:///fair" },
        { "postgresql:///fair?password=geh@eim", "postgresql://..." },
        { "postgresql://fair:ge/heim@db/fair", "postgresql://..." },
        { "postgresql://fair:ge?heim@db/fair", "postgresql://..." },
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        BUF(told, MAX_TEXT);
        engine_place(rows[i].where, &told);
        assert_string_equal(buf_text(&told), rows[i].told);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_place_is_told_without_its_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
