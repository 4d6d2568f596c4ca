/*
 * raster.c - glyphs by FreeType, in black and white, kept while a job is made.
 *
 * Every size is fitted once, when it is first asked for: as large as lets the
 * probe letters stay in their cell. A glyph may lap a dot or two over the
 * cell beside it, as italics and horns do; only the strip's edges cut.
 */
#include "pos/paper/raster.h"

#include <ft2build.h>
#include <stdlib.h>
#include <string.h>
#include FT_FREETYPE_H

#include "fair/text.h"
#include "pos/paper/charset.h"

enum {
    GLYPH_BYTES = 4, /* a row of a glyph */
    GLYPHS = 256,    /* kept; a slip has about sixty */
    SMALLEST = 4,    /* dots an em, below which nothing can be read */
    SCALES = 2
};

struct glyph {
    int32_t code; /* 0: an empty place */
    int8_t wide, tall;
    int8_t left, top; /* of the cell's corner */
    uint8_t columns, rows;
    uint8_t bits[STRIP_ROWS][GLYPH_BYTES];
};

struct fit {
    FT_UInt x, y; /* dots an em; 0: not fitted yet */
    int baseline; /* rows below the cell's top */
};

struct raster {
    FT_Library library;
    FT_Face face;
    struct fit fits[SCALES][SCALES]; /* by wide - 1 and tall - 1 */
    const struct fit *set;           /* the face's size now */
    struct glyph glyphs[GLYPHS];
};

/* The highest, lowest and widest there are. */
static const char probe[] = "ẤẦẨẪẮẰẲẴẾỀỂỄỐỒỔỖỚỠÝỸƯỮỰĐỢMWQgjpqyỵ|,;(";

/* ---- strips ---- */

void strip_fill(struct strip *strip, int column, int row, int columns, int rows)
{
    for (int y = row < 0 ? 0 : row; y < row + rows && y < strip->rows; y++) {
        for (int x = column < 0 ? 0 : column;
             x < column + columns && x < STRIP_DOTS; x++)
            strip->bits[y][x / 8] |= (uint8_t)(0x80 >> x % 8);
    }
}

/* ---- fitting the font to a cell ---- */

static bool render(struct raster *r, int32_t code)
{
    FT_UInt index = FT_Get_Char_Index(r->face, (FT_ULong)code);
    FT_Int32 how = FT_LOAD_RENDER | FT_LOAD_TARGET_MONO | FT_LOAD_NO_BITMAP;
    return index > 0 && FT_Load_Glyph(r->face, index, how) == 0;
}

struct extent {
    int top, bottom, advance;
};

static struct extent measure(struct raster *r)
{
    struct extent all = { 0 };
    size_t at = 0;
    int32_t code;
    while ((code = utf8_next(STR(probe), &at)) >= 0) {
        if (!render(r, code))
            continue;
        const FT_GlyphSlot g = r->face->glyph;
        int bottom = g->bitmap_top - (int)g->bitmap.rows;
        int advance = (int)(g->advance.x >> 6);
        all.top = g->bitmap_top > all.top ? g->bitmap_top : all.top;
        all.bottom = bottom < all.bottom ? bottom : all.bottom;
        all.advance = advance > all.advance ? advance : all.advance;
    }
    return all;
}

/* The largest size whose letters stay in a cell of these dots. */
static bool fit(struct raster *r, int dots, int rows, struct fit *out)
{
    struct fit f = { (FT_UInt)rows, (FT_UInt)rows, 0 };
    while (f.x >= SMALLEST && f.y >= SMALLEST) {
        if (FT_Set_Pixel_Sizes(r->face, f.x, f.y) != 0)
            return false;
        struct extent e = measure(r);
        int high = e.top - e.bottom;
        if (high <= 0 || e.advance <= 0)
            return false;
        if (high <= rows && e.advance <= dots) {
            f.baseline = e.top + (rows - high) / 2;
            *out = f;
            return true;
        }
        f.x -= e.advance > dots;
        f.y -= high > rows;
    }
    return false;
}

static bool set_size(struct raster *r, int wide, int tall)
{
    struct fit *f = &r->fits[wide - 1][tall - 1];
    if (f == r->set)
        return true;
    r->set = NULL;
    if (f->x == 0 && !fit(r, wide * CELL_DOTS, tall * CELL_ROWS, f))
        return false;
    if (FT_Set_Pixel_Sizes(r->face, f->x, f->y) != 0)
        return false;
    r->set = f;
    return true;
}

/* ---- glyphs ---- */

static void keep(const struct raster *r, struct glyph *g)
{
    const FT_GlyphSlot slot = r->face->glyph;
    const FT_Bitmap *b = &slot->bitmap;
    int bytes = abs(b->pitch);
    if (bytes > GLYPH_BYTES)
        bytes = GLYPH_BYTES;
    g->left = (int8_t)slot->bitmap_left;
    g->top = (int8_t)(r->set->baseline - slot->bitmap_top);
    g->columns =
        (uint8_t)(b->width < GLYPH_BYTES * 8 ? b->width : GLYPH_BYTES * 8);
    g->rows = (uint8_t)(b->rows < STRIP_ROWS ? b->rows : STRIP_ROWS);
    for (int row = 0; row < g->rows; row++)
        memcpy(g->bits[row], b->buffer + (ptrdiff_t)row * b->pitch,
               (size_t)bytes);
}

/* The picture of a character, or of what comes nearest. */
static const struct glyph *glyph_of(struct raster *r, int32_t code, int wide,
                                    int tall)
{
    uint32_t place = (uint32_t)code * 4 + (uint32_t)(wide * 2 + tall);
    struct glyph *g = &r->glyphs[place % GLYPHS];
    if (g->code == code && g->wide == wide && g->tall == tall)
        return g;
    *g = (struct glyph){ .wide = (int8_t)wide, .tall = (int8_t)tall };
    if (!set_size(r, wide, tall))
        return g;
    int32_t at = code;
    while (at > 0 && !render(r, at))
        at = charset_plainer(at);
    struct coded plain;
    charset_encode(CHARSET_ASCII, code, &plain);
    if (at > 0 || (plain.len > 0 && render(r, plain.bytes[0])))
        keep(r, g);
    g->code = code;
    return g;
}

static void draw(const struct glyph *g, int column, struct strip *out)
{
    for (int y = 0; y < g->rows; y++) {
        for (int x = 0; x < g->columns; x++) {
            if (g->bits[y][x / 8] >> (7 - x % 8) & 1)
                strip_fill(out, column + g->left + x, g->top + y, 1, 1);
        }
    }
}

void raster_text(struct raster *r, struct str text, int wide, int tall,
                 struct strip *out)
{
    size_t at = 0, before = 0;
    int column = 0, dots = 0;
    int32_t code;
    memset(out, 0, sizeof(*out));
    out->rows = tall * CELL_ROWS;
    while ((code = utf8_next(text, &at)) >= 0) {
        struct str one = { text.data + before, at - before };
        int cells = text_width(one);
        /* A mark of its own goes onto the letter before it. */
        if (cells > 0)
            column += dots;
        if (cells > 0)
            dots = cells * wide * CELL_DOTS;
        before = at;
        if (code > ' ' && code != 0x7F)
            draw(glyph_of(r, code, wide, tall), column, out);
    }
}

/* ---- the font ---- */

enum err raster_open(const char *font, struct raster **out)
{
    struct raster *r = x_alloc(sizeof(*r));
    if (FT_Init_FreeType(&r->library) != 0) {
        free(r);
        return ERR_INVALID;
    }
    FT_Error wrong = FT_New_Face(r->library, font, 0, &r->face);
    if (wrong != 0 || !set_size(r, 1, 1)) {
        raster_close(r);
        return wrong == FT_Err_Cannot_Open_Resource ? ERR_NOT_FOUND
                                                    : ERR_INVALID;
    }
    *out = r;
    return ERR_OK;
}

void raster_close(struct raster *r)
{
    if (!r)
        return;
    FT_Done_FreeType(r->library);
    free(r);
}
