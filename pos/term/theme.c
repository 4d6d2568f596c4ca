/*
 * theme.c - one table of looks. What a style says also stands in words or
 * signs, and mono is complete, so that no look depends on seeing colours. The
 * entry line has no look of its own where the ground is the terminal's: a key
 * then costs the line one byte; the cursor and its label mark it.
 */
#include "pos/term/theme.h"

#include <stdlib.h>
#include <string.h>

enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE, OWN = -1 };
enum {
    B = LOOK_BOLD,
    R = LOOK_REVERSE,
    U = LOOK_UNDERLINE,
    D = LOOK_DIM,
};

static const char *const names[] = {
    [THEME_DEFAULT] = "default",
    [THEME_LIGHT] = "light",
    [THEME_CONTRAST] = "high-contrast",
    [THEME_MONO] = "mono",
};
enum { THEMES = ARRAY_LEN(names) };

/* A QR code is no decoration: it has its colours in every theme. Its light
 * modules are drawn as blocks (pos/paper/qr.h). */
// clang-format off
#define QR_LOOK { WHITE, BLACK, 0 }

static const struct look looks[THEMES][STYLE_COUNT] = {
    [THEME_DEFAULT] = {
        [STYLE_TEXT]     = { OWN,    OWN,   0 },
        [STYLE_DIM]      = { OWN,    OWN,   D },
        [STYLE_BAR]      = { WHITE,  BLUE,  0 },
        [STYLE_KEY]      = { BLACK,  CYAN,  0 },
        [STYLE_HEADING]  = { CYAN,   OWN,   B },
        [STYLE_SELECTED] = { OWN,    OWN,   R },
        [STYLE_ENTRY]    = { OWN,    OWN,   0 },
        [STYLE_TOTAL]    = { YELLOW, OWN,   B },
        [STYLE_GOOD]     = { GREEN,  OWN,   0 },
        [STYLE_WARN]     = { YELLOW, OWN,   0 },
        [STYLE_ERROR]    = { WHITE,  RED,   B },
        [STYLE_QR]       = QR_LOOK,
    },
    [THEME_LIGHT] = {
        [STYLE_TEXT]     = { OWN,     OWN,  0 },
        [STYLE_DIM]      = { OWN,     OWN,  0 },
        [STYLE_BAR]      = { WHITE,   BLUE, 0 },
        [STYLE_KEY]      = { BLACK,   CYAN, 0 },
        [STYLE_HEADING]  = { BLUE,    OWN,  B },
        [STYLE_SELECTED] = { OWN,     OWN,  R },
        [STYLE_ENTRY]    = { OWN,     OWN,  0 },
        [STYLE_TOTAL]    = { BLUE,    OWN,  B },
        [STYLE_GOOD]     = { BLUE,    OWN,  0 },
        [STYLE_WARN]     = { MAGENTA, OWN,  B },
        [STYLE_ERROR]    = { WHITE,   RED,  B },
        [STYLE_QR]       = QR_LOOK,
    },
    /* Bold makes a bright yellow where plain yellow is brown. */
    [THEME_CONTRAST] = {
        [STYLE_TEXT]     = { YELLOW, BLUE,   B },
        [STYLE_DIM]      = { WHITE,  BLUE,   0 },
        [STYLE_BAR]      = { BLACK,  YELLOW, 0 },
        [STYLE_KEY]      = { WHITE,  BLACK,  B },
        [STYLE_HEADING]  = { WHITE,  BLUE,   B | U },
        [STYLE_SELECTED] = { BLACK,  WHITE,  0 },
        [STYLE_ENTRY]    = { WHITE,  BLACK,  B },
        [STYLE_TOTAL]    = { WHITE,  BLUE,   B },
        [STYLE_GOOD]     = { WHITE,  BLUE,   B },
        [STYLE_WARN]     = { BLACK,  YELLOW, 0 },
        [STYLE_ERROR]    = { WHITE,  RED,    B },
        [STYLE_QR]       = QR_LOOK,
    },
    [THEME_MONO] = {
        [STYLE_TEXT]     = { OWN, OWN, 0 },
        [STYLE_DIM]      = { OWN, OWN, 0 },
        [STYLE_BAR]      = { OWN, OWN, R },
        [STYLE_KEY]      = { OWN, OWN, B },
        [STYLE_HEADING]  = { OWN, OWN, B },
        [STYLE_SELECTED] = { OWN, OWN, R },
        [STYLE_ENTRY]    = { OWN, OWN, 0 },
        [STYLE_TOTAL]    = { OWN, OWN, B },
        [STYLE_GOOD]     = { OWN, OWN, 0 },
        [STYLE_WARN]     = { OWN, OWN, B },
        [STYLE_ERROR]    = { OWN, OWN, B | R },
        [STYLE_QR]       = QR_LOOK,
    },
};
// clang-format on

static bool env_is(const char *name, const char *value)
{
    const char *have = getenv(name);
    return have && strcmp(have, value) == 0;
}

enum theme theme_choose(const char *word, bool no_color)
{
    const char *unwanted = getenv("NO_COLOR");
    if (no_color || (unwanted && *unwanted) || env_is("TERM", "dumb"))
        return THEME_MONO;
    for (int i = 0; i < THEMES; i++) {
        if (strcmp(names[i], word) == 0)
            return (enum theme)i;
    }
    return THEME_DEFAULT;
}

const struct look *theme_look(enum theme theme, enum style style)
{
    ASSERT((int)theme < THEMES && style < STYLE_COUNT);
    return &looks[theme][style];
}
