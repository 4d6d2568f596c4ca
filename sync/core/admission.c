/*
 * admission.c - what an admission may say, and whose word it is.
 *
 * Whatever is wrong with an admission has one name, ERR_ADMISSION: nobody can
 * do anything else about it than enrol again. Whether the aggregator that
 * signed is the right one is the caller's question.
 */
#include "fair/admission.h"

#include <string.h>

#include "fair/date.h"
#include "fair/env.h"
#include "fair/text.h"

#define AT(member) offsetof(struct admission, member)

static const struct field admission_fields[] = {
    { "aggregator", F_STR, .offset = AT(aggregator) },
    { "at", F_INT, .offset = AT(at_ms) },
    { "booth", F_STR, .offset = AT(booth) },
    { "booth_name", F_STR, .offset = AT(booth_name) },
    { "closed", F_LIST, .optional = true, .offset = AT(closed),
      .count_offset = AT(n_closed), .max = MAX_CLOSED_DAYS },
    { "cut_off", F_INT, .offset = AT(cut_off_min) },
    { "days", F_INT, .offset = AT(days) },
    { "fair", F_STR, .offset = AT(fair) },
    { "first_day", F_INT, .offset = AT(first_day) },
    { "key", F_STR, .offset = AT(key) },
    { "label", F_STR, .offset = AT(label) },
    { "name", F_STR, .offset = AT(name) },
    { "number", F_INT, .offset = AT(number) },
    { "successor_of", F_STR, .optional = true, .offset = AT(successor_of) },
};
const struct shape admission_shape = {
    "admission",
    SHAPE_SORTED,
    admission_fields,
    ARRAY_LEN(admission_fields),
    sizeof(struct admission),
};

enum {
    DAYS_MAX = 3660, /* ten years: a permanent sales point */
    NUMBER_MAX = 1023,
    LABEL_MAX = 3,
    DAY_MINUTES = 1440
};

static bool label_good(struct str s)
{
    return s.len <= LABEL_MAX && id_booth(s);
}

static bool device_good(struct str s)
{
    uint8_t bytes[DEVICE_LEN * 5 / 8];
    return s.len == 0 ||
           (s.len == DEVICE_LEN && base32_bytes(s, bytes, sizeof(bytes)));
}

static bool calendar_good(const struct admission *a)
{
    if (a->first_day < 0 || a->first_day > INT32_MAX ||
        !day_valid((int)a->first_day) || a->days < 1 || a->days > DAYS_MAX ||
        a->n_closed >= a->days || a->cut_off_min < 0 ||
        a->cut_off_min >= DAY_MINUTES)
        return false;
    int64_t after = a->first_day - 1;
    for (int64_t i = 0; i < a->n_closed; i++) {
        int64_t day = a->closed[i];
        if (day <= after || day > INT32_MAX || !day_valid((int)day) ||
            day_diff((int)day, (int)a->first_day) >= a->days)
            return false;
        after = day;
    }
    return true;
}

static bool admission_good(const struct admission *a)
{
    return a->at_ms >= 0 && id_booth(a->booth) && a->booth_name.len > 0 &&
           id_fair(a->fair) && a->name.len > 0 && label_good(a->label) &&
           a->number >= 1 && a->number <= NUMBER_MAX &&
           device_good(a->successor_of) && calendar_good(a);
}

enum err admission_check(struct str bytes, struct str signature_hex,
                         const uint8_t *device_key, struct buf *arena,
                         struct admission *out)
{
    struct admission a;
    uint8_t key[KEY_BYTES], aggregator[KEY_BYTES], signature[SIGNATURE_BYTES];
    if (shape_decode(&admission_shape, bytes, arena, &a, NULL) ||
        !admission_good(&a) || !hex_bytes(a.key, key, sizeof(key)) ||
        !hex_bytes(a.aggregator, aggregator, sizeof(aggregator)) ||
        !hex_bytes(signature_hex, signature, sizeof(signature)))
        return ERR_ADMISSION;
    if (device_key && memcmp(device_key, key, sizeof(key)) != 0)
        return ERR_ADMISSION;
    if (!sign_check(aggregator, DOMAIN_ADMISSION, bytes, signature))
        return ERR_ADMISSION;
    *out = a;
    return ERR_OK;
}

struct calendar admission_calendar(const struct admission *a)
{
    return (struct calendar){ a->first_day, a->days, a->closed, a->n_closed };
}

int calendar_fair_day(const struct calendar *c, int day)
{
    if (!day_valid(day))
        return 0;
    int number = day_diff(day, (int)c->first_day) + 1;
    if (number < 1 || number > c->days)
        return 0;
    for (int64_t i = 0; i < c->n_closed && c->closed[i] <= day; i++) {
        if (c->closed[i] == day)
            return 0;
        number--;
    }
    return number;
}

enum err admission_load(const char *dir, struct buf *text, struct str *bytes,
                        struct str *signature_hex)
{
    enum err bad = env_file_read(dir, "admission", text);
    if (bad)
        return bad;
    struct str all = buf_slice(text);
    const char *end = memchr(all.data, '\n', all.len);
    size_t first = end ? (size_t)(end - all.data) : all.len;
    if (!end || all.len != first + 1 + 2 * SIGNATURE_BYTES + 1 ||
        all.data[all.len - 1] != '\n')
        return ERR_CORRUPT;
    *bytes = (struct str){ all.data, first };
    *signature_hex = (struct str){ end + 1, 2 * SIGNATURE_BYTES };
    return ERR_OK;
}
