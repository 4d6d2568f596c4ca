/*
 * conf.c - configuration in layers: built in, /etc/phien-cho, data directory.
 *
 * inih reads each line; everything it would let pass in silence is refused
 * here: lines it would cut (Debian's build at 199 bytes), sections,
 * continuation lines, comments behind a value, unknown and doubled keys,
 * control characters. The first fault ends reading, with file and line.
 */
#include "fair/conf.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"

#define ETC "/etc/phien-cho"

enum { MAX_CONF = 64 * 1024, MAX_CONF_LINE = 190, MAX_PATH = 4096 };

struct value {
    char *text; /* NULL until the defaults are read */
    int64_t number;
    int layer; /* the last one that set it */
    char *file;
    int line;
};

struct conf {
    const struct conf_key *keys;
    size_t n;
    struct value *values;
};

/* One file being read. */
struct reading {
    struct conf *conf;
    int layer;
    const char *file;
    int line;
    const char *wrong; /* message id of the fault in this line */
    bool seen;         /* the line held a key and a value */
};

/* ---- values ---- */

static bool int_parse(const struct conf_key *key, const char *text,
                      int64_t *out)
{
    const char *digits = text + (*text == '-');
    size_t len = strspn(digits, "0123456789");
    if (len == 0 || len > 18 || digits[len] != '\0')
        return false;
    int64_t n = strtoll(text, NULL, 10);
    if (n < key->min || n > key->max)
        return false;
    *out = n;
    return true;
}

static bool choice_check(const char *choices, const char *text)
{
    size_t len = strlen(text);
    while (*choices) {
        size_t one = strcspn(choices, "|");
        if (one == len && memcmp(choices, text, len) == 0)
            return true;
        choices += one + (choices[one] == '|');
    }
    return false;
}

static bool value_parse(const struct conf_key *key, const char *text,
                        int64_t *number)
{
    switch (key->type) {
    case CONF_INT: return int_parse(key, text, number);
    case CONF_CHOICE: return choice_check(key->choices, text);
    case CONF_TEXT: break;
    }
    return true;
}

/* ---- lines ---- */

static const char *value_set(struct reading *r, const char *name,
                             const char *text)
{
    struct conf *conf = r->conf;
    size_t i = 0;
    while (i < conf->n && strcmp(conf->keys[i].name, name) != 0)
        i++;
    if (i == conf->n)
        return N_("unknown key");
    struct value *v = &conf->values[i];
    if (v->text && v->layer == r->layer)
        return N_("this key stands here twice");
    if (!value_parse(&conf->keys[i], text, &v->number))
        return N_("the value is not allowed");
    free(v->text);
    v->text = x_strdup(text);
    v->layer = r->layer;
    free(v->file);
    v->file = x_strdup(r->file);
    v->line = r->line;
    return NULL;
}

/* inih calls this for a line with a key; other results come through `r`. */
static int on_pair(void *ctx, const char *section, const char *name,
                   const char *text)
{
    struct reading *r = ctx;
    (void)section; /* a line of its own cannot bring one */
    r->seen = true;
    r->wrong = value_set(r, name, text);
    return 1;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Leading and trailing blanks and the CR of CRLF do not count; a line that
 * starts with a blank would be a continuation to inih. */
static struct str trimmed(struct str line)
{
    if (line.len > 0 && line.data[line.len - 1] == '\r')
        line.len--;
    while (line.len > 0 && is_blank(line.data[line.len - 1]))
        line.len--;
    while (line.len > 0 && is_blank(line.data[0])) {
        line.data++;
        line.len--;
    }
    return line;
}

static bool has_control(struct str line)
{
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7F)
            return true;
    }
    return false;
}

/* inih would take " ;" off a value and leave " #" on. */
static bool has_comment_behind(struct str line)
{
    for (size_t i = 1; i < line.len; i++) {
        if (is_blank(line.data[i - 1]) &&
            (line.data[i] == ';' || line.data[i] == '#'))
            return true;
    }
    return false;
}

/* The message id of what is wrong with a line, or NULL. */
static const char *line_read(struct reading *r, struct str line)
{
    if (line.len > MAX_CONF_LINE)
        return N_("the line is longer than 190 bytes");
    line = trimmed(line);
    if (has_control(line) || !utf8_valid(line))
        return N_("the line is not plain UTF-8 text");
    if (line.len == 0 || line.data[0] == '#' || line.data[0] == ';')
        return NULL;
    if (has_comment_behind(line))
        return N_("a comment needs a line of its own");
    char text[MAX_CONF_LINE + 1];
    memcpy(text, line.data, line.len);
    text[line.len] = '\0';
    r->wrong = NULL;
    r->seen = false;
    if (ini_parse_string(text, on_pair, r) != 0 || !r->seen)
        return N_("not of the form: key = value");
    return r->wrong;
}

static struct str line_take(struct str *rest)
{
    const char *end =
        rest->len > 0 ? memchr(rest->data, '\n', rest->len) : NULL;
    struct str line = { rest->data,
                        end ? (size_t)(end - rest->data) : rest->len };
    size_t taken = line.len + (end ? 1 : 0);
    rest->data += taken;
    rest->len -= taken;
    return line;
}

/* ---- files ---- */

static enum err text_read(struct conf *conf, int layer, const char *file,
                          struct str text, struct buf *why)
{
    struct reading r = { .conf = conf, .layer = layer, .file = file };
    static const char bom[] = "\xEF\xBB\xBF";
    if (text.len >= 3 && memcmp(text.data, bom, 3) == 0) {
        text.data += 3;
        text.len -= 3;
    }
    while (text.len > 0) {
        struct str line = line_take(&text);
        r.line++;
        const char *wrong = line_read(&r, line);
        if (!wrong)
            continue;
        buf_printf(why, "%s:%d: %s", file, r.line, _(wrong));
        if (line.len <= MAX_CONF_LINE) {
            buf_puts(why, ": ");
            text_emit_terminal(why, trimmed(line));
        }
        return ERR_CONFIG;
    }
    return ERR_OK;
}

static enum err file_read(struct conf *conf, int layer, const char *dir,
                          const char *name, struct buf *why)
{
    BUF(text, MAX_CONF);
    BUF(path, MAX_PATH);
    buf_printf(&path, "%s/%s", dir, name);
    enum err e = env_file_read(dir, name, &text);
    if (e == ERR_NOT_FOUND)
        return ERR_OK;
    if (e != ERR_OK) {
        buf_printf(why, "%s: %s", buf_text(&path), _(err_text(e)));
        return ERR_CONFIG;
    }
    return text_read(conf, layer, buf_text(&path), buf_slice(&text), why);
}

static enum err layers_read(struct conf *conf, const struct conf_source *from,
                            struct buf *why)
{
    BUF(name, MAX_PATH);
    buf_printf(&name, "%s.conf", from->program);
    enum err e = text_read(conf, 1, "config", from->defaults, why);
    for (size_t i = 0; e == ERR_OK && i < conf->n; i++)
        ASSERT(conf->values[i].text); /* every key has its default */
    if (e == ERR_OK)
        e = file_read(conf, 2, ETC, buf_text(&name), why);
    if (e == ERR_OK && from->data_dir)
        e = file_read(conf, 3, from->data_dir, buf_text(&name), why);
    return e;
}

enum err conf_load(const struct conf_source *from, struct buf *why,
                   struct conf **out)
{
    struct conf *conf = x_alloc(sizeof(*conf));
    conf->keys = from->keys;
    while (from->keys[conf->n].name)
        conf->n++;
    conf->values = x_alloc((conf->n + 1) * sizeof(*conf->values));
    enum err e = layers_read(conf, from, why);
    if (e != ERR_OK) {
        conf_free(conf);
        return e;
    }
    *out = conf;
    return ERR_OK;
}

void conf_free(struct conf *conf)
{
    if (!conf)
        return;
    for (size_t i = 0; i < conf->n; i++) {
        free(conf->values[i].text);
        free(conf->values[i].file);
    }
    free(conf->values);
    free(conf);
}

/* ---- asking ---- */

static size_t key_index(const struct conf *conf, const char *name)
{
    size_t i = 0;
    while (i < conf->n && strcmp(conf->keys[i].name, name) != 0)
        i++;
    ASSERT(i < conf->n);
    return i;
}

int64_t conf_int(const struct conf *conf, const char *name)
{
    size_t i = key_index(conf, name);
    ASSERT(conf->keys[i].type == CONF_INT);
    return conf->values[i].number;
}

const char *conf_text(const struct conf *conf, const char *name)
{
    size_t i = key_index(conf, name);
    ASSERT(conf->keys[i].type == CONF_TEXT ||
           conf->keys[i].type == CONF_CHOICE);
    return conf->values[i].text;
}

const char *conf_file(const struct conf *conf, const char *name, int *line)
{
    const struct value *v = &conf->values[key_index(conf, name)];
    *line = v->line;
    return v->file;
}
