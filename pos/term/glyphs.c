/*
 * glyphs.c - what fonts of consoles lack, drawn with what they have.
 *
 * The console set is what Debian's Vietnamese-Fixed fonts (console-setup) have
 * in all their sizes. A letter that is not there keeps its place and shape as
 * far as it goes ("ệ" -> "e"); a sign becomes one that looks like it; what is
 * left becomes '?'. Marks of their own go: no console can combine.
 */
#include "pos/term/glyphs.h"

#include <linux/kd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utf8proc.h>

#include "fair/text.h"

enum { CODE_E_HAT_BELOW = 0x1EC7 /* ệ: a font with it has them all */ };

static const struct {
    int32_t first, last;
} on_console[] = {
    { 0x00A1, 0x017F }, /* Latin, đ too */
    { 0x01A0, 0x01A1 }, /* ơ */
    { 0x01AF, 0x01B0 }, /* ư */
    { 0x1EA0, 0x1EF9 }, /* Vietnamese */
    { 0x2010, 0x2015 }, /* dashes */
    { 0x2018, 0x201A }, /* quotes */
    { 0x201C, 0x201E }, { 0x2020, 0x2022 }, { 0x2026, 0x2026 },
    { 0x20AC, 0x20AC }, { 0x2190, 0x2193 }, { 0x2212, 0x2212 },
    { 0x2264, 0x2265 }, { 0x2500, 0x257F }, /* box lines */
    { 0x2588, 0x2588 }, { 0x2591, 0x2592 }, { 0x25A0, 0x25A0 },
    { 0x2717, 0x2717 },
};

static const struct {
    int32_t first, last;
    char ascii;
} signs[] = {
    { 0x00B7, 0x00B7, '.' },                          /* · */
    { 0x00D0, 0x00D0, 'D' }, { 0x00D7, 0x00D7, 'x' }, /* × */
    { 0x00F0, 0x00F0, 'd' }, { 0x0110, 0x0110, 'D' }, /* Đ */
    { 0x0111, 0x0111, 'd' }, { 0x2010, 0x2015, '-' }, { 0x2018, 0x201B, '\'' },
    { 0x201C, 0x201F, '"' }, { 0x2020, 0x2022, '*' }, { 0x2026, 0x2026, '.' },
    { 0x20AB, 0x20AB, 'd' }, /* ₫ */
    { 0x2190, 0x2190, '<' }, { 0x2191, 0x2191, '^' }, { 0x2192, 0x2192, '>' },
    { 0x2193, 0x2193, 'v' }, { 0x2212, 0x2212, '-' }, { 0x2264, 0x2264, '<' },
    { 0x2265, 0x2265, '>' }, { 0x2500, 0x2501, '-' }, { 0x2502, 0x2503, '|' },
    { 0x2504, 0x2505, '-' }, { 0x2506, 0x2507, '|' }, { 0x2508, 0x2509, '-' },
    { 0x250A, 0x250B, '|' }, { 0x250C, 0x254B, '+' }, { 0x254C, 0x254D, '-' },
    { 0x254E, 0x254F, '|' }, { 0x2550, 0x2550, '=' }, { 0x2551, 0x2551, '|' },
    { 0x2552, 0x257F, '+' }, { 0x2581, 0x2582, '_' }, { 0x2580, 0x2590, '#' },
    { 0x2591, 0x2593, ':' }, { 0x2594, 0x259F, '#' }, { 0x25A0, 0x25A0, '#' },
    { 0x25B2, 0x25B3, '^' }, { 0x25B6, 0x25BB, '>' }, { 0x25BC, 0x25BD, 'v' },
    { 0x25C0, 0x25C5, '<' }, { 0x25CF, 0x25CF, '*' }, { 0x2605, 0x2605, '*' },
    { 0x2606, 0x2606, '.' }, /* ☆ */
    { 0x2713, 0x2714, 'v' }, { 0x2715, 0x2718, 'x' },
};

static bool is_on_console(int32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(on_console); i++) {
        if (code <= on_console[i].last)
            return code >= on_console[i].first;
    }
    return false;
}

/* The letter without its marks, the sign that looks like it, or '?'. */
static char ascii_of(int32_t code)
{
    for (size_t i = 0; i < ARRAY_LEN(signs); i++) {
        if (code >= signs[i].first && code <= signs[i].last)
            return signs[i].ascii;
    }
    enum { PARTS = 32 };
    int32_t parts[PARTS];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(
        code, parts, PARTS, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);
    bool has = n > 0 && n <= PARTS && parts[0] >= ' ' && parts[0] <= '~';
    return has ? (char)parts[0] : '?';
}

static void replace(struct cell *cell, const char *text)
{
    memset(cell->text, 0, sizeof(cell->text));
    memcpy(cell->text, text, strlen(text));
}

static void fit_cell(struct cell *cell, enum glyphs set)
{
    enum { CODE_DONG = 0x20AB };
    size_t pos = 0;
    struct str text = str_of(cell->text);
    if (text.len == 0) { /* right half of what has been replaced */
        replace(cell, " ");
        return;
    }
    int32_t code = utf8_next(text, &pos);
    if (set == GLYPHS_CONSOLE && is_on_console(code))
        memset(cell->text + pos, 0, sizeof(cell->text) - pos);
    else if (set == GLYPHS_CONSOLE && code == CODE_DONG)
        replace(cell, "đ");
    else
        replace(cell, (char[]){ ascii_of(code), '\0' });
}

void glyphs_fit(struct grid *grid, enum glyphs set)
{
    if (set == GLYPHS_FULL)
        return;
    struct cell *cell = grid->cells;
    struct cell *end = cell + (ptrdiff_t)grid->rows * grid->cols;
    for (; cell < end; cell++) {
        bool ascii = cell->text[0] != '\0' && (cell->text[0] & 0x80) == 0;
        if (!ascii || cell->text[1] != '\0')
            fit_cell(cell, set);
    }
}

/* Has the console on standard output a Vietnamese font? */
static bool has_vietnamese_font(void)
{
    enum { PAIRS_MAX = 4096 };
    struct unipair *pairs = x_alloc(PAIRS_MAX * sizeof(*pairs));
    struct unimapdesc map = { .entry_ct = PAIRS_MAX, .entries = pairs };
    bool found = false;
    if (ioctl(STDOUT_FILENO, GIO_UNIMAP, &map) == 0) {
        for (int i = 0; i < map.entry_ct && !found; i++)
            found = pairs[i].unicode == CODE_E_HAT_BELOW;
    }
    free(pairs);
    return found;
}

static const char *env_text(const char *name)
{
    const char *value = getenv(name);
    return value ? value : "";
}

/* The name of the character set in LC_ALL, LC_CTYPE or LANG, the first that
 * says something; "" when it says none. */
static const char *charset(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        const char *value = env_text(names[i]);
        const char *dot = strchr(value, '.');
        if (*value)
            return dot ? dot + 1 : "";
    }
    return "";
}

static enum glyphs detected(void)
{
    const char *set = charset();
    if (strncmp(env_text("TERM"), "linux", strlen("linux")) == 0)
        return has_vietnamese_font() ? GLYPHS_CONSOLE : GLYPHS_ASCII;
    bool other = *set && strncasecmp(set, "UTF-8", strlen("UTF-8")) != 0 &&
                 strncasecmp(set, "utf8", strlen("utf8")) != 0;
    return other ? GLYPHS_ASCII : GLYPHS_FULL;
}

enum glyphs glyphs_choose(const char *word)
{
    static const char *const names[] = { [GLYPHS_FULL] = "full",
                                         [GLYPHS_CONSOLE] = "console",
                                         [GLYPHS_ASCII] = "ascii" };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], word) == 0)
            return (enum glyphs)i;
    }
    return detected();
}
