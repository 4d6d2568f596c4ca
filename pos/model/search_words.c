/*
 * search_words.c - splitting text into folded words, letter by letter.
 *
 * The rules are Unicode's and text_fold's. They are asked once a letter, for a
 * list has hundreds of thousands of letters and few kinds.
 */
#include "pos/model/search_words.h"

#include <string.h>
#include <utf8proc.h>

#include "fair/text.h"

enum { KIND_UNKNOWN, KIND_LETTER, KIND_MARK, KIND_BREAK };

static unsigned char kind_of(int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    if (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO)
        return KIND_LETTER;
    if (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME)
        return KIND_MARK;
    if (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO)
        return KIND_LETTER;
    return KIND_BREAK;
}

/* As much as there is room for: both sides of a comparison lose the same. */
static unsigned char keep(char *to, struct str s)
{
    size_t len = s.len < LETTER_BYTES ? s.len : LETTER_BYTES;
    if (len > 0)
        memcpy(to, s.data, len);
    return (unsigned char)len;
}

static void learn(struct letter *l, int32_t code)
{
    BUF(exact, MAX_TEXT);
    BUF(folded, MAX_TEXT);
    utf8_put(&exact, utf8proc_tolower(code));
    text_fold(&folded, buf_slice(&exact));
    *l = (struct letter){ .kind = kind_of(code) };
    l->exact_len = keep(l->exact, buf_slice(&exact));
    l->folded_len = keep(l->folded, buf_slice(&folded));
}

static const struct letter *learned(struct letters *all, struct letter *l,
                                    int32_t code)
{
    if (l->kind == KIND_UNKNOWN || l == &all->other)
        learn(l, code);
    return l;
}

/* The letter at *pos, which moves on. What Vietnamese is written in has a
 * short cut: two bytes up to U+024F, three from U+1E00 to U+1EFF. */
static const struct letter *next_letter(struct letters *all, struct str s,
                                        size_t *pos)
{
    const unsigned char *at = (const unsigned char *)s.data + *pos;
    size_t left = s.len - *pos;
    int32_t code;
    if (left > 1 && at[0] >= 0xC2 && at[0] <= 0xC8 && at[1] >> 6 == 2) {
        *pos += 2;
        code = (at[0] & 0x1F) << 6 | (at[1] & 0x3F);
        return learned(all, &all->known[code], code);
    }
    if (left > 2 && at[0] == 0xE1 && at[1] >> 2 == 0xB8 >> 2 &&
        at[2] >> 6 == 2) {
        *pos += 3;
        code = (at[1] & 3) << 6 | (at[2] & 0x3F);
        return learned(all, &all->known[LETTERS_LOW + code],
                       LETTERS_HIGH + code);
    }
    code = utf8_next(s, pos);
    return learned(all, code < 0x80 ? &all->known[code] : &all->other, code);
}

/* Everything is held in variables: what is written as characters might be
 * anything, and would be read again after every letter. */
bool words_next(struct words *w)
{
    struct letters *letters = w->letters;
    struct str text = w->text;
    size_t pos = w->pos, folded = 0, exact = 0;
    while (pos < text.len) {
        unsigned char byte = (unsigned char)text.data[pos];
        const struct letter *l = &letters->known[byte];
        if (byte < 0x80 && l->kind != KIND_UNKNOWN)
            pos++;
        else
            l = next_letter(letters, text, &pos);
        if (l->kind == KIND_BREAK) {
            if (folded > 0)
                break;
            exact = 0; /* of marks without a letter */
        } else if (exact <= WORD_BYTES - LETTER_BYTES) {
            memcpy(w->folded + folded, l->folded, LETTER_BYTES);
            memcpy(w->exact + exact, l->exact, LETTER_BYTES);
            folded += l->folded_len;
            exact += l->exact_len;
        }
    }
    w->pos = pos;
    w->folded_len = folded;
    w->exact_len = exact;
    return folded > 0;
}
