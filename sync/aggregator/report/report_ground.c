/*
 * report_ground.c - one fair with its booths, devices and gates, joined when a
 * report is read.
 *
 * Invariant: every device has a booth here; a booth that no booth list names
 * is added with its code alone, so that its sums are in the totals and in no
 * origin.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/i18n.h"

#include "report_parts.h"

/* ---- origins ------------------------------------------------------------- */

const struct word_name origin_names[] = {
    [ORIGIN_IN_PROVINCE] = { "in-province", N_("in-province") },
    [ORIGIN_OTHER_PROVINCE] = { "other-province", N_("other province") },
    [ORIGIN_FOREIGN] = { "foreign", N_("foreign") },
    [ORIGIN_SERVICE] = { "service", N_("service") },
    [ORIGIN_UNKNOWN] = { NULL, NULL },
};

enum origin origin_of(struct str word)
{
    int i = 0;

    while (i < ORIGIN_UNKNOWN && !str_is(word, origin_names[i].word))
        i++;
    return (enum origin)i;
}

/* ---- booths -------------------------------------------------------------- */

static struct ground_booth *booth_make(struct fairground *g, struct str code)
{
    size_t n = (size_t)g->n_booths + 1;

    g->booths = x_realloc(g->booths, n * sizeof(*g->booths));
    struct ground_booth *b = &g->booths[g->n_booths++];
    *b = (struct ground_booth){ .origin = ORIGIN_UNKNOWN };
    ASSERT(code.len < sizeof(b->code));
    memcpy(b->code, code.data, code.len);
    return b;
}

static char *copy_of(struct str s)
{
    BUF(text, MAX_TEXT);

    buf_str(&text, s);
    return x_strdup(buf_text(&text));
}

static enum err take_booth(void *ctx, const struct booth *from)
{
    struct ground_booth *b = booth_make(ctx, from->code);
    b->name = copy_of(from->name);
    b->place = copy_of(from->place);
    b->origin = origin_of(from->origin);
    b->stands = from->stands;
    return ERR_OK;
}

static int by_code(const void *left, const void *right)
{
    const struct ground_booth *a = left, *b = right;
    return strcmp(a->code, b->code);
}

const struct ground_booth *ground_booth(const struct fairground *g,
                                        const char *code)
{
    struct ground_booth key = { .code = "" };

    if (strlen(code) >= sizeof(key.code) || g->n_booths == 0)
        return NULL;
    memcpy(key.code, code, strlen(code));
    return bsearch(&key, g->booths, (size_t)g->n_booths, sizeof(key), by_code);
}

static void booths_sort(struct fairground *g)
{
    if (g->n_booths > 0)
        qsort(g->booths, (size_t)g->n_booths, sizeof(*g->booths), by_code);
}

/* ---- devices ------------------------------------------------------------- */

static enum err take_device(void *ctx, const struct device *d)
{
    struct fairground *g = ctx;
    size_t n = (size_t)g->n_devices + 1;

    g->devices = x_realloc(g->devices, n * sizeof(*g->devices));
    g->devices[g->n_devices++] = (struct post){ .d = *d };
    if (!ground_booth(g, d->booth)) {
        booth_make(g, str_of(d->booth));
        booths_sort(g);
    }
    return ERR_OK;
}

static int by_device(const void *left, const void *right)
{
    const struct post *a = left, *b = right;
    return strcmp(a->d.device, b->d.device);
}

static void devices_place(struct fairground *g)
{
    for (int i = 0; i < g->n_devices; i++) {
        const struct ground_booth *b = ground_booth(g, g->devices[i].d.booth);

        ASSERT(b != NULL);
        g->devices[i].booth = (int)(b - g->booths);
    }
    if (g->n_devices > 0)
        qsort(g->devices, (size_t)g->n_devices, sizeof(*g->devices), by_device);
}

const struct post *ground_post(const struct fairground *g, struct str device)
{
    struct post key = { .d = { .device = "" } };

    if (device.len > DEVICE_LEN || g->n_devices == 0)
        return NULL;
    memcpy(key.d.device, device.data, device.len);
    const struct post *p =
        bsearch(&key, g->devices, (size_t)g->n_devices, sizeof(key), by_device);
    return p && ground_wants(g, &g->booths[p->booth]) ? p : NULL;
}

bool ground_wants(const struct fairground *g, const struct ground_booth *booth)
{
    const struct scope *only = &g->only;

    return (only->origin == ORIGINS || booth->origin == only->origin) &&
           (!only->booth || strcmp(booth->code, only->booth) == 0);
}

bool ground_expects(const struct fairground *g, const struct ground_booth *b)
{
    if (b->origin == ORIGIN_UNKNOWN || !ground_wants(g, b))
        return false;
    return g->only.origin != ORIGINS || b->origin != ORIGIN_SERVICE;
}

bool ground_gate(const struct fairground *g, struct str gate)
{
    for (int i = 0; i < g->n_gates; i++) {
        if (str_is(gate, g->gates[i]))
            return true;
    }
    return g->n_gates == 0;
}

/* ---- the whole ----------------------------------------------------------- */

enum err ground_load(struct store *s, struct str fair, struct scope only,
                     struct fairground *out)
{
    struct fairground g = { .only = only };
    enum err e = fair_get(s, fair, &g.fair);

    if (e == ERR_OK)
        e = gates_get(s, fair, g.gates, &g.n_gates);
    if (e == ERR_OK)
        e = booth_each(s, fair, take_booth, &g);
    booths_sort(&g);
    if (e == ERR_OK)
        e = store_device_each(s, fair, take_device, &g);
    devices_place(&g);
    if (e == ERR_OK)
        *out = g;
    else
        ground_done(&g);
    return e;
}

void ground_done(struct fairground *g)
{
    for (int i = 0; i < g->n_booths; i++) {
        free(g->booths[i].name);
        free(g->booths[i].place);
    }
    free(g->booths);
    free(g->devices);
    *g = (struct fairground){ 0 };
}

/* ---- on hold ------------------------------------------------------------- */

void hold_add(const struct fairground *g, const struct roll_hold *r,
              struct hold *sum)
{
    if (!ground_post(g, r->device))
        return;
    sum_add(&sum->events, r->events);
    sum_add(&sum->amount_vnd, r->amount_vnd);
}
