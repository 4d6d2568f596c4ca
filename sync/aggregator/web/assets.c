/*
 * assets.c - files as they are sent: whole, compressed, and under a version
 * that is the hash of what they hold.
 *
 * Anybody may ask for them as often as they like and take them as slowly: no
 * answer has a copy of its own.
 */
#include "assets.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

#include "gzip.h"
#include "pages.h"
#include "sync/aggregator/ops/journal.h"

#define EMBEDDED(name)                                       \
    extern const char embedded_sync_aggregator_web_##name[]; \
    extern const char embedded_sync_aggregator_web_##name##_end[]
EMBEDDED(style_css);
EMBEDDED(script_js);
EMBEDDED(icon_svg);
EMBEDDED(openapi_yaml);
#define BYTES(name)                      \
    embedded_sync_aggregator_web_##name, \
        embedded_sync_aggregator_web_##name##_end

enum { FILE_MAX = 4 * 1024 * 1024, LEVEL = 9, VERSION = 16 };

static const struct {
    const char *path, *type;
    const char *from, *to; /* NULL: read when serving begins */
} files[ASSETS] = {
    [ASSET_STYLE] = { "/assets/style.css", "text/css; charset=utf-8",
                      BYTES(style_css) },
    [ASSET_SCRIPT] = { "/assets/script.js", "text/javascript; charset=utf-8",
                       BYTES(script_js) },
    [ASSET_CHARTS] = { "/assets/chart.js", "text/javascript; charset=utf-8",
                       NULL, NULL },
    [ASSET_ICON] = { "/assets/icon.svg", "image/svg+xml", BYTES(icon_svg) },
    [ASSET_OPENAPI] = { "/openapi.yaml", "application/yaml",
                        BYTES(openapi_yaml) },
};

struct file {
    struct buf whole, packed;
    char version[VERSION + 1]; /* "" there is none */
    char path[64];             /* with its version; "" likewise */
};

struct assets {
    struct file files[ASSETS];
};

/* ---- at the start -------------------------------------------------------- */

static void version_of(struct str bytes, char out[VERSION + 1])
{
    uint8_t hash[crypto_hash_sha256_BYTES];
    BUF(hex, 2 * sizeof(hash));

    crypto_hash_sha256(hash, (const uint8_t *)bytes.data, bytes.len);
    buf_hex(&hex, hash, VERSION / 2);
    memcpy(out, buf_text(&hex), VERSION + 1);
}

static void take(struct file *f, const char *path)
{
    BUF(text, sizeof(f->path) - 1);

    version_of(buf_slice(&f->whole), f->version);
    buf_printf(&text, "%s?v=%s", path, f->version);
    ASSERT(buf_ok(&text));
    memcpy(f->path, buf_text(&text), text.len + 1);
    gzip_put(&f->packed, buf_slice(&f->whole), LEVEL);
}

/* Charts are a comfort: without the script there are tables. No path: nobody
 * wants them. */
static bool read_charts(struct file *f, const char *path)
{
    const char *slash = strrchr(path, '/');
    enum err e = ERR_NOT_FOUND;

    if (path[0] == '\0')
        return false;
    if (slash != NULL) {
        BUF(folder, HEADER_TEXT);

        buf_put(&folder, path, (size_t)(slash - path) + 1);
        e = env_file_read(buf_text(&folder), slash + 1, &f->whole);
    }
    if (e == ERR_OK && f->whole.len > 0)
        return true;
    journal(JOURNAL_WARNING, "no-charts",
            JOURNAL_FIELDS({ "file", path, 0 }, { "reason", err_code(e), 0 }));
    return false;
}

struct assets *assets_open(const char *chart_js)
{
    struct assets *a = x_alloc(sizeof(*a));

    for (int i = 0; i < ASSETS; i++) {
        struct file *f = &a->files[i];
        bool there = true;

        buf_init(&f->whole, FILE_MAX);
        buf_init(&f->packed, FILE_MAX);
        if (files[i].from)
            buf_put(&f->whole, files[i].from,
                    (size_t)(files[i].to - files[i].from));
        else
            there = read_charts(f, chart_js);
        if (there)
            take(f, files[i].path);
    }
    return a;
}

void assets_close(struct assets *a)
{
    if (a == NULL)
        return;
    for (int i = 0; i < ASSETS; i++) {
        buf_done(&a->files[i].whole);
        buf_done(&a->files[i].packed);
    }
    free(a);
}

/* ---- answers ------------------------------------------------------------- */

const char *assets_path(const struct assets *a, enum asset which)
{
    return a->files[which].path;
}

/* Does an If-None-Match name this version? */
static bool is_known(struct str matches, const char *version)
{
    size_t n = strlen(version);

    for (size_t i = 0; i + n <= matches.len; i++) {
        if (memcmp(matches.data + i, version, n) == 0)
            return true;
    }
    return false;
}

void assets_answer(struct visit *v, enum asset which)
{
    const struct file *f = &v->web->assets->files[which];
    struct answer *answer = &v->answer;

    if (f->version[0] == '\0') {
        visit_refuse(v, ERR_NOT_FOUND);
        return;
    }
    answer->type = files[which].type;
    answer->keep = str_is(visit_param(v, "v"), f->version);
    /* Weak: the same for both ways of sending it. */
    buf_printf(&answer->etag, "W/\"%s\"", f->version);
    if (is_known(v->ask.none_match, f->version)) {
        answer->status = 304;
        return;
    }
    answer->gzip = gzip_wanted(v->ask.encodings);
    answer->lent = buf_slice(answer->gzip ? &f->packed : &f->whole);
}

static bool asset(struct visit *v, enum asset which)
{
    assets_answer(v, which);
    return true;
}

bool page_asset_style(struct visit *v)
{
    return asset(v, ASSET_STYLE);
}

bool page_asset_script(struct visit *v)
{
    return asset(v, ASSET_SCRIPT);
}

bool page_asset_charts(struct visit *v)
{
    return asset(v, ASSET_CHARTS);
}

bool page_asset_icon(struct visit *v)
{
    return asset(v, ASSET_ICON);
}

bool page_openapi(struct visit *v)
{
    return asset(v, ASSET_OPENAPI);
}
