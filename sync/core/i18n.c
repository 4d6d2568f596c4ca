/*
 * i18n.c - which language texts are shown in.
 *
 * The environment chooses everything but the language: a till in the C locale
 * or with a locale that is not installed must still print Vietnamese. The C
 * library cannot promise that: from glibc 2.41 on its gettext() translates
 * nothing under C.UTF-8, the only UTF-8 locale a bare Debian has. So the
 * catalogues that msgfmt compiles are looked up here; the tools stay
 * gettext's. A catalogue is read once and kept, because texts are borrowed for
 * good; a damaged one counts as none.
 *
 * The compiled file (GNU gettext manual, "The Format of GNU MO Files"):
 * 32-bit words: magic, revision, n, where the ids' table begins, where the
 * texts' begins; a table is n pairs of length and position; ids ascend in
 * byte order, every string ends with a NUL.
 */
#include "fair/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"

#define CATALOGUE "/LC_MESSAGES/phien-cho.mo"

enum { PATH_ROOM = 4096, MAX_CATALOGUE = 1 << 20 };
static const uint32_t mo_magic = 0x950412de;

struct catalogue {
    struct buf bytes;
    uint32_t n, ids, texts; /* entries; where both tables begin */
};

/* One for each language that is not the source's. */
static struct {
    const char *language;
    bool read;
    struct catalogue catalogue;
} known[] = { { .language = "vi" } };

static const struct catalogue *chosen; /* NULL: the source's texts */
/* What one thread has chosen for itself, while `own`. */
static _Thread_local struct {
    bool own;
    const struct catalogue *chosen;
} mine;

/* ---- a compiled catalogue ---- */

static uint32_t word_at(const struct catalogue *c, size_t at)
{
    uint32_t word = 0;
    if (at + sizeof(word) <= c->bytes.len)
        memcpy(&word, c->bytes.data + at, sizeof(word));
    return word;
}

/* Entry i of a table, or NULL when it does not lie whole in the file. */
static const char *text_at(const struct catalogue *c, uint32_t table,
                           uint32_t i)
{
    size_t pair = (size_t)table + (size_t)i * 8;
    size_t len = word_at(c, pair), at = word_at(c, pair + 4);
    bool whole = at > 0 && at < c->bytes.len && len < c->bytes.len - at;
    return whole && c->bytes.data[at + len] == '\0' ? c->bytes.data + at : NULL;
}

static bool is_sound(struct catalogue *c)
{
    c->n = word_at(c, 8);
    c->ids = word_at(c, 12);
    c->texts = word_at(c, 16);
    if (word_at(c, 0) != mo_magic || c->n > c->bytes.len)
        return false;
    for (uint32_t i = 0; i < c->n; i++) {
        if (!text_at(c, c->ids, i) || !text_at(c, c->texts, i))
            return false;
    }
    return true;
}

static const char *look_up(const struct catalogue *c, const char *id)
{
    uint32_t low = 0, high = c->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(id, text_at(c, c->ids, middle));
        if (order == 0)
            return text_at(c, c->texts, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* ---- finding it ---- */

/* The folder of the running program, "" when the system does not tell. */
static void program_folder(struct buf *out)
{
    char path[PATH_ROOM];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len > 0)
        buf_put(out, path, (size_t)len);
}

static bool read_catalogue(const char *language, struct catalogue *out)
{
    /* Beside a built program, beside a built test, installed. */
    static const char *const places[] = { "locale/", "../locale/",
                                          "../share/locale/" };
    BUF(folder, PATH_ROOM);
    program_folder(&folder);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        BUF(path, MAX_TEXT);
        buf_printf(&path, "%s%s%s%s", buf_text(&folder), places[i], language,
                   CATALOGUE);
        buf_init(&out->bytes, MAX_CATALOGUE);
        if (env_path_read(buf_text(&path), &out->bytes) == ERR_OK &&
            is_sound(out))
            return true;
        buf_done(&out->bytes);
    }
    return false;
}

/* Before there are threads: afterwards catalogues are only looked at. */
static void read_catalogues(void)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (!known[i].read)
            known[i].read =
                read_catalogue(known[i].language, &known[i].catalogue);
    }
}

static const struct catalogue *catalogue_of(const char *language)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i].language, language) == 0 && known[i].read)
            return &known[i].catalogue;
    }
    return NULL;
}

/* ---- the language ---- */

static const struct catalogue *current(void)
{
    return mine.own ? mine.chosen : chosen;
}

const char *i18n_text(const char *text)
{
    const struct catalogue *c = current();
    const char *found = c && *text ? look_up(c, text) : NULL;
    return found ? found : text;
}

/* Characters alone: numbers, dates, order and texts are ours, and reading the
 * system's other eleven tables takes as long as a report. */
static void utf8_locale(void)
{
    if (!setlocale(LC_CTYPE, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

void i18n_init(const char *language)
{
    utf8_locale();
    read_catalogues();
    chosen = catalogue_of(language);
}

void i18n_use(const char *language)
{
    mine.own = language != NULL;
    mine.chosen = language ? catalogue_of(language) : NULL;
}

const char *i18n_language(void)
{
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (current() == &known[i].catalogue)
            return known[i].language;
    }
    return "en";
}
