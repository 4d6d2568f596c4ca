/*
 * kept.c - see kept.h.
 */
#include "tests/support/kept.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fair/env.h"
#include "fair/out_file.h"

enum { DOTS_A_DIFFERENCE = 50 };

static const char folder[] = "tests/data/slips";

/* Writes the file when asked to; else reads it. */
static void load(const char *name, struct str text, struct buf *out)
{
    const char *update = getenv("UPDATE");
    if (update && strcmp(update, "1") == 0) {
        char path[256];
        snprintf(path, sizeof(path), "%s/%s", folder, name);
        assert_int_equal(out_file_put(path, text), ERR_OK);
    }
    if (env_file_read(folder, name, out) != ERR_OK)
        fail_msg("no %s/%s: make it with UPDATE=1", folder, name);
}

void kept_text(const char *name, struct str text)
{
    BUF(kept, MAX_OUTPUT);
    BUF(now, MAX_OUTPUT);
    buf_str(&now, text);
    load(name, text, &kept);
    if (strcmp(buf_text(&kept), buf_text(&now)) != 0)
        fail_msg("%s was\n%s\nand is now\n%s", name, buf_text(&kept),
                 buf_text(&now));
}

void kept_picture(const char *name, const struct press *p)
{
    int differing, black;
    BUF(kept, MAX_OUTPUT);
    BUF(now, MAX_OUTPUT);
    press_picture(p, &now);
    load(name, buf_slice(&now), &kept);
    press_compare(p, buf_slice(&kept), &differing, &black);
    if (differing * DOTS_A_DIFFERENCE > black)
        fail_msg("%s: %d of %d dots differ; now\n%s", name, differing, black,
                 buf_text(&now));
}
