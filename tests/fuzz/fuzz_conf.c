/*
 * fuzz_conf.c - any bytes behind a key, and as the lines that follow it.
 *
 * Rules checked: nothing crashes; a fault is explained, in text for a
 * terminal; accepted values are in their range, and a text is exactly what
 * stands in its line.
 */
#include <string.h>

#include "fair/conf.h"
#include "fair/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct conf_key keys[] = {
    { "t", CONF_TEXT, 0, 0, NULL },
    { NULL, CONF_INT, 0, 0, NULL },
};
static const struct conf_key typed[] = {
    { "i", CONF_INT, -7, 700, NULL },
    { NULL, CONF_INT, 0, 0, NULL },
};
static const struct conf_key choices[] = {
    { "c", CONF_CHOICE, 0, 0, "vi|en|x" },
    { NULL, CONF_INT, 0, 0, NULL },
};

static struct conf *load(const char *head, struct str text,
                         const struct conf_key *table)
{
    struct conf *conf = NULL;
    BUF(all, MAX_TEXT);
    BUF(why, MAX_TEXT);
    BUF(safe, MAX_TEXT);
    buf_puts(&all, head);
    buf_str(&all, text);
    const struct conf_source from = { "fuzz-conf", NULL, buf_slice(&all),
                                      table };
    enum err e = conf_load(&from, &why, &conf);
    ASSERT((e == ERR_OK) == (conf != NULL));
    ASSERT((e == ERR_OK) == (why.len == 0));
    ASSERT(e == ERR_OK || e == ERR_CONFIG);
    text_emit_terminal(&safe, buf_slice(&why));
    ASSERT(str_eq(buf_slice(&safe), buf_slice(&why)));
    return conf;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static struct str first_line(struct str s)
{
    const char *end = s.len > 0 ? memchr(s.data, '\n', s.len) : NULL;
    if (end)
        s.len = (size_t)(end - s.data);
    if (s.len > 0 && s.data[s.len - 1] == '\r')
        s.len--;
    while (s.len > 0 && is_blank(s.data[s.len - 1]))
        s.len--;
    while (s.len > 0 && is_blank(s.data[0])) {
        s.data++;
        s.len--;
    }
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = { (const char *)data, size };
    if (size > MAX_TEXT / 2)
        return 0;
    struct conf *conf = load("t = ", text, keys);
    ASSERT(!conf || str_is(first_line(text), conf_text(conf, "t")));
    conf_free(conf);
    conf = load("i = ", text, typed);
    ASSERT(!conf || (conf_int(conf, "i") >= -7 && conf_int(conf, "i") <= 700));
    conf_free(conf);
    conf = load("c = ", text, choices);
    ASSERT(!conf || !strchr(conf_text(conf, "c"), '|'));
    conf_free(conf);
    return 0;
}
