/*
 * assets.h - the files pages need: our style sheet and script, embedded;
 * Chart.js, read from the system (libjs-chart.js) when serving begins. Without
 * it pages show their tables alone.
 *
 * Each is compressed once, at the start. Its address carries its version, so
 * that browsers keep it for good.
 */
#ifndef AGGREGATOR_ASSETS_H
#define AGGREGATOR_ASSETS_H

#include "visit.h"

enum asset {
    ASSET_STYLE,
    ASSET_SCRIPT,
    ASSET_CHARTS,
    ASSET_ICON,
    ASSET_OPENAPI,
    ASSETS
};

struct assets;
/* `chart_js` "": no charts are wanted; one that cannot be read is told in the
 * journal. */
struct assets *assets_open(const char *chart_js);
void assets_close(struct assets *a);

/* "/assets/style.css?v=0123456789abcdef"; "" when it is not there. */
const char *assets_path(const struct assets *a, enum asset which);
/* Answers with it: 200, 304 or 404. */
void assets_answer(struct visit *v, enum asset which);

#endif
