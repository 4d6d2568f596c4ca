/*
 * signed.c - signed lines made by hand.
 */
#include "signed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

void signed_put(const struct keypair *key, const char *domain, struct str line,
                struct buf *out)
{
    uint8_t signature[SIGNATURE_BYTES];
    sign_make(key, domain, line, signature);
    buf_str(out, line);
    buf_putc(out, '\n');
    buf_hex(out, signature, sizeof(signature));
    buf_putc(out, '\n');
}

/* Appends the object without one of its outer members. Commas and braces in
 * strings would mislead it. */
static void put_without(struct str object, const char *name, struct buf *out)
{
    BUF(start, MAX_TEXT);
    BUF(text, MAX_TEXT);
    buf_printf(&start, "\"%s\":", name);
    buf_str(&text, object);
    char *from = strstr(text.data, buf_text(&start));
    assert_non_null(from);
    char *to = strstr(from, ",\"");
    if (to)
        to++; /* the comma goes with it */
    else
        to = text.data + text.len - 1, from--;
    buf_put(out, text.data, (size_t)(from - text.data));
    buf_put(out, to, text.len - (size_t)(to - text.data));
}

void assert_members_needed(const struct signing *how, struct str line,
                           const char *const *names)
{
    BUF(whole, MAX_BATCH);
    signed_put(how->key, how->domain, line, &whole);
    assert_int_equal(how->decode(buf_slice(&whole)), ERR_OK);
    for (; *names; names++) {
        BUF(less, MAX_TEXT);
        BUF(document, MAX_BATCH);
        put_without(line, *names, &less);
        signed_put(how->key, how->domain, buf_slice(&less), &document);
        enum err e = how->decode(buf_slice(&document));
        if (e != ERR_FORM)
            print_message("without %s: %s\n", *names, buf_text(&less));
        assert_int_equal(e, ERR_FORM);
    }
}
