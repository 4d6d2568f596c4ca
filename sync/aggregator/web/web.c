/*
 * web.c - see web.h.
 */
#include "web.h"

#include "assets.h"
#include "cache.h"
#include "live.h"

static enum err open_desks(struct web *web, struct buf *why)
{
    const struct desk_options pages = { web->where, PAGE_THREADS, PAGE_QUEUE };
    const struct desk_options door = { web->where, DOOR_THREADS, DOOR_QUEUE };
    enum err e = desk_open(&pages, why, &web->pages);

    return e == ERR_OK ? desk_open(&door, why, &web->door) : e;
}

enum err web_open(struct web *web, struct buf *why)
{
    web->cache = cache_open();
    web->assets = assets_open(web->chart_js);
    enum err e = open_desks(web, why);
    if (e == ERR_OK)
        e = live_open(web->where, web->pages, why, &web->live);
    if (e != ERR_OK)
        web_close(web);
    return e;
}

void web_stop(struct web *web)
{
    live_stop(web->live);
    desk_stop(web->pages);
    desk_stop(web->door);
}

void web_close(struct web *web)
{
    live_close(web->live);
    desk_close(web->door);
    desk_close(web->pages);
    assets_close(web->assets);
    cache_close(web->cache);
    web->live = NULL;
    web->door = web->pages = NULL;
    web->assets = NULL;
    web->cache = NULL;
}
