/*
 * golden.c - reading, writing and judging the files of the golden corpus.
 */
#include "tests/support/golden.h"

#include <stdlib.h>
#include <string.h>

#include "fair/text.h"

static bool is_text(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if ((unsigned char)s.data[i] < 0x20)
            return false;
    }
    return s.len > 0 && utf8_valid(s);
}

void golden_render_events(const struct book *b, struct buf *out)
{
    for (int seq = 1; seq <= b->n; seq++) {
        struct str line = book_line(b, seq);
        buf_printf(out, "%d\t", seq);
        buf_hex(out, b->events[seq - 1].hash, HASH_BYTES);
        buf_putc(out, '\t');
        if (is_text(line)) {
            buf_str(out, line);
        } else {
            buf_putc(out, '\t');
            buf_hex(out, line.data, line.len);
        }
        buf_putc(out, '\n');
    }
}

/* Cuts the next piece up to `end` off the text. */
static struct str cut(struct str *text, char end)
{
    const char *at = memchr(text->data, end, text->len);
    ASSERT(at);
    struct str piece = { text->data, (size_t)(at - text->data) };
    text->data = at + 1;
    text->len -= piece.len + 1;
    return piece;
}

static void read_header(struct golden_file *f, struct str line)
{
    ASSERT(line.len > 2 && line.data[1] == ' ');
    line.data += 2;
    line.len -= 2;
    if (!memchr(line.data, ' ', line.len))
        return;
    struct str word = cut(&line, ' ');
    if (str_is(word, "key:")) {
        ASSERT(hex_bytes(line, f->key, KEY_BYTES));
    } else if (str_is(word, "expect:")) {
        f->expect = line;
    } else if (str_is(word, "witness:")) {
        f->witness = strtoll(cut(&line, ' ').data, NULL, 10);
        ASSERT(hex_bytes(line, f->witness_head, HASH_BYTES));
    }
}

static void read_event(struct book *b, struct str line)
{
    BUF(raw, 2 * MAX_EVENT);
    cut(&line, '\t');
    struct str hash = cut(&line, '\t');
    if (line.len > 0 && line.data[0] == '\t') {
        line.data++;
        line.len--;
        char *to = buf_room(&raw, line.len / 2);
        ASSERT(to && hex_bytes(line, to, line.len / 2));
        buf_grew(&raw, line.len / 2);
        line = buf_slice(&raw);
    }
    book_bytes(b, line);
    ASSERT(hex_bytes(hash, b->events[b->n - 1].hash, HASH_BYTES));
}

void golden_read(struct str text, struct golden_file *out)
{
    memset(out, 0, sizeof(*out));
    out->witness = -1;
    buf_init(&out->text, MAX_CSV);
    buf_str(&out->text, text);
    struct str rest = buf_slice(&out->text);
    while (rest.len > 0) {
        struct str line = cut(&rest, '\n');
        if (line.len > 0 && line.data[0] == '#')
            read_header(out, line);
        else
            read_event(&out->book, line);
    }
}

void golden_file_done(struct golden_file *f)
{
    book_done(&f->book);
    buf_done(&f->text);
}

void golden_verdict(const struct verdict *v, struct buf *out)
{
    char device[DEVICE_LEN + 1];
    device_id(v->key, device);
    buf_printf(out, "{\"device\":\"%s\",\"events\":%lld,\"head\":\"", device,
               (long long)v->events);
    buf_hex(out, v->head, HASH_BYTES);
    if (v->error)
        buf_printf(out, "\",\"ok\":false,\"first_bad\":%lld,\"error\":\"%s\"}",
                   (long long)v->first_bad, err_code(v->error));
    else
        buf_puts(out, "\",\"ok\":true,\"first_bad\":null,\"error\":null}");
}

void golden_judge(const struct golden_file *f, struct buf *out)
{
    struct verifier v;
    enum err said = ERR_OK;
    bool asked = f->witness < 0;
    verifier_init(&v, f->key, NULL);
    for (int i = 0; i < f->book.n; i++) {
        if (!asked && v.events == f->witness) {
            said = verifier_witness(&v, f->witness, f->witness_head);
            asked = true;
        }
        said = verifier_feed(&v, book_line(&f->book, i + 1),
                             f->book.events[i].hash);
    }
    if (!asked)
        said = verifier_witness(&v, f->witness, f->witness_head);
    ASSERT(said == v.error);
    struct verdict verdict = { .events = v.events,
                               .error = v.error,
                               .first_bad = v.first_bad };
    memcpy(verdict.key, f->key, KEY_BYTES);
    memcpy(verdict.head, v.head, HASH_BYTES);
    golden_verdict(&verdict, out);
    verifier_done(&v);
}
