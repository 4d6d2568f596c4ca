/*
 * keys.c - P4: from a key to the finished frame of 24 rows and 80 columns, in
 * a till with a very long list: the worst key of a script.
 */
#include "fair/text.h"
#include "tests/budget/budget.h"
#include "tests/support/many.h"

static struct app_fixture fixture;
static struct press key;
static const char *at; /* what of the script is still to be typed */

/* "<" is a backspace. Letters that begin most producers and many names; words
 * in any order; marks; initials; nothing found. */
static const char search_script[] = "mat ong<<<<<<<htx<<<c<chả mực<<<<<<<"
                                    "đông bắc trà<<<<<<<<<<<<tx m<<<<mdgt<<<<"
                                    "qwz<<<1<12<<e";
static const char digit_script[] = "12*3<<<<8934567890123<<<<<<<<<<<<<";

static void begin(const char *script)
{
    app_fixture_init(&fixture, "vi");
    app_fixture_shift(&fixture, 0);
    app_fixture_close(&fixture);
    many_adopt(&fixture, MANY);
    app_fixture_open(&fixture);
    app_fixture_keys(&fixture, "1 Backspace"); /* the first learns the keys */
    app_fixture_tick(&fixture, 1); /* and the first tick makes the index */
    at = script;
}

static void begin_search(void)
{
    begin(search_script);
    app_fixture_keys(&fixture, "F2");
}

static void begin_digits(void)
{
    begin(digit_script);
}

static bool prepare(void)
{
    if (*at == '\0')
        return false;
    size_t pos = 0;
    key = (struct press){ .kind = K_TEXT };
    if (*at == '<')
        key.kind = K_BACKSPACE;
    key.code = utf8_next(str_of(at), &pos);
    at += pos;
    till_fixture_pass(&fixture.till, 200);
    return true;
}

static void work(void)
{
    app_key(&fixture.app, &key);
    grid_reset(&fixture.grid, 24, 80);
    app_draw(&fixture.app, &fixture.grid);
}

static void finish(void)
{
    app_fixture_done(&fixture);
}

const struct budget key_budgets[] = {
    { .id = "P4",
      .name = "digit",
      .what = "a digit in the entry line, 16,000 products",
      .limit = 89000,
      .runs = (int)sizeof(digit_script),
      .worst = true,
      .open = begin_digits,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .id = "P4",
      .name = "search",
      .what = "a key while searching 16,000 products",
      .limit = 408000,
      .runs = (int)sizeof(search_script),
      .worst = true,
      .open = begin_search,
      .prepare = prepare,
      .work = work,
      .close = finish },
    { .name = NULL },
};
