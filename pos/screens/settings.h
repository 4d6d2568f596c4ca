/*
 * settings.h - the configuration as the screens use it.
 */
#ifndef POS_SETTINGS_H
#define POS_SETTINGS_H

#include "fair/conf.h"
#include "pos/model/scan.h"
#include "pos/paper/printer.h"
#include "pos/term/glyphs.h"
#include "pos/term/theme.h"

struct settings {
    const char *language;      /* now: "vi", "en" */
    const char *till_language; /* of operators who chose none */
    bool thousands, blind_count, print_every_sale;
    int lock_after_s; /* 0: never */
    int discount_limit_pct;
    int scan_min, scan_gap_ms;
    struct scan_masks masks;
    struct printer printer;
    const char *bank_bin, *bank_account, *bank_holder; /* "": none */
    enum theme theme;
    enum glyphs glyphs;
};

/* Strings are the configuration's. ERR_CONFIG: `why` says which value. */
enum err settings_read(const struct conf *conf, struct buf *why,
                       struct settings *out) MUST_USE;

#endif
