/*
 * settings.c - configuration values in the form the screens use.
 */
#include "pos/screens/settings.h"

#include <string.h>

static bool yes(const struct conf *conf, const char *name)
{
    return strcmp(conf_text(conf, name), "yes") == 0;
}

enum err settings_read(const struct conf *conf, struct buf *why,
                       struct settings *out)
{
    struct settings set = {
        .language = conf_text(conf, "language"),
        .till_language = conf_text(conf, "language"),
        .thousands = yes(conf, "thousands"),
        .blind_count = yes(conf, "blind_count"),
        .print_every_sale = yes(conf, "print_every_sale"),
        .lock_after_s = (int)conf_int(conf, "lock_after_s"),
        .discount_limit_pct = (int)conf_int(conf, "discount_limit_pct"),
        .scan_min = (int)conf_int(conf, "scan_min"),
        .scan_gap_ms = (int)conf_int(conf, "scan_gap_ms"),
        .bank_bin = conf_text(conf, "bank_bin"),
        .bank_account = conf_text(conf, "bank_account"),
        .bank_holder = conf_text(conf, "bank_holder"),
        .theme = theme_choose(conf_text(conf, "theme"), false),
        .glyphs = glyphs_choose(conf_text(conf, "glyphs")),
    };
    if (scan_masks_parse(str_of(conf_text(conf, "scale_labels")), &set.masks)) {
        buf_puts(why, "scale_labels");
        return ERR_CONFIG;
    }
    if (printer_conf(conf, &set.printer)) {
        buf_puts(why, "printer");
        return ERR_CONFIG;
    }
    *out = set;
    return ERR_OK;
}
