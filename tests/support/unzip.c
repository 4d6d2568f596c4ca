/*
 * unzip.c - just enough of the ZIP format (APPNOTE 4.3) to read a workbook
 * that has no more than one disk, no encryption and no ZIP64.
 */
#include "tests/support/unzip.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <zlib.h>

enum {
    END_LEN = 22,
    ENTRY_LEN = 46,
    LOCAL_LEN = 30,
    END_SIGN = 0x06054b50,
    ENTRY_SIGN = 0x02014b50
};

static uint32_t number_at(struct str zip, size_t at, int bytes)
{
    uint32_t n = 0;

    assert_true(at + (size_t)bytes <= zip.len);
    for (int i = bytes - 1; i >= 0; i--)
        n = n << 8 | (unsigned char)zip.data[at + (size_t)i];
    return n;
}

static void inflate_part(struct str packed, size_t size, struct buf *out)
{
    z_stream z = { .next_in = (Bytef *)(uintptr_t)packed.data,
                   .avail_in = (uInt)packed.len,
                   .avail_out = (uInt)size };

    z.next_out = (Bytef *)buf_room(out, size + 1);
    assert_non_null(z.next_out);
    assert_int_equal(inflateInit2(&z, -MAX_WBITS), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, size);
    inflateEnd(&z);
    buf_grew(out, size);
}

/* The entry of the central directory that begins at `at`. */
static void take_part(struct str zip, size_t at, struct buf *out)
{
    size_t packed = number_at(zip, at + 20, 4);
    size_t size = number_at(zip, at + 24, 4);
    size_t local = number_at(zip, at + 42, 4);
    size_t data = local + LOCAL_LEN + number_at(zip, local + 26, 2) +
                  number_at(zip, local + 28, 2);
    bool stored = number_at(zip, at + 10, 2) == 0;
    struct str bytes = { zip.data + data, packed };

    assert_true(data + packed <= zip.len);
    if (stored)
        buf_str(out, bytes);
    else
        inflate_part(bytes, size, out);
    assert_true(buf_ok(out));
}

bool unzip_part(struct str zip, const char *name, struct buf *out)
{
    assert_true(zip.len >= END_LEN);
    size_t end = zip.len - END_LEN;
    assert_int_equal(number_at(zip, end, 4), END_SIGN);
    size_t at = number_at(zip, end + 16, 4);

    for (uint32_t i = number_at(zip, end + 10, 2); i > 0; i--) {
        size_t len = number_at(zip, at + 28, 2);
        struct str here = { zip.data + at + ENTRY_LEN, len };

        assert_int_equal(number_at(zip, at, 4), ENTRY_SIGN);
        if (str_is(here, name)) {
            take_part(zip, at, out);
            return true;
        }
        at += ENTRY_LEN + len + number_at(zip, at + 30, 2) +
              number_at(zip, at + 32, 2);
    }
    return false;
}

void unzip_workbook(struct buf *body)
{
    static const char *const parts[] = { "xl/sharedStrings.xml",
                                         "xl/worksheets/sheet1.xml",
                                         "xl/charts/chart1.xml",
                                         "docProps/core.xml" };
    BUF(text, MAX_OUTPUT);
    if (body->len < 4 || memcmp(body->data, "PK\3\4", 4) != 0)
        return;
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        (void)unzip_part(buf_slice(body), parts[i], &text);
    assert_true(text.len > 100);
    buf_clear(body);
    buf_str(body, buf_slice(&text));
}
