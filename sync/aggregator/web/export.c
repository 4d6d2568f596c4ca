/*
 * export.c - GET /report: one report as a program or a spreadsheet reads it.
 *
 * What leaves as a file is entered in the list of accesses; the file does not
 * wait for the entry.
 */
#include <stdlib.h>
#include <string.h>

#include "fair/env.h"

#include "cache.h"
#include "pages.h"

static const struct format {
    const char *word;
    enum report_format format;
    const char *type;
} formats[] = {
    { "json", REPORT_JSON, "application/json" },
    { "csv", REPORT_CSV, "text/csv; charset=utf-8" },
    { "xlsx", REPORT_XLSX,
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
};

/* JSON when nothing is said. */
static const struct format *format_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
        if (word.len == 0 || str_is(word, formats[i].word))
            return &formats[i];
    }
    return NULL;
}

/* ---- the list of accesses ------------------------------------------------ */

struct entry {
    struct job job; /* first */
    char account[ACCOUNT_NAME_MAX + 1];
    struct buf detail;
};

static enum err enter(struct job *job, struct store *s)
{
    const struct entry *entry = (const struct entry *)job;
    struct access a = { env_wall_ms(), str_of(entry->account), STR("export"),
                        buf_slice(&entry->detail) };

    return access_add(s, &a);
}

static void entered(struct job *job, struct store *s, enum err e)
{
    struct entry *entry = (struct entry *)job;

    (void)s;
    (void)e; /* the writer's troubles are told elsewhere */
    buf_done(&entry->detail);
    free(entry);
}

static void record(const struct visit *v, const struct report_query *q,
                   const struct format *format)
{
    struct entry *entry = x_alloc(sizeof(*entry));

    entry->job = (struct job){ enter, true, entered, NULL, false };
    memcpy(entry->account, v->who.name, sizeof(entry->account));
    buf_init(&entry->detail, HEADER_TEXT);
    buf_printf(&entry->detail, "%s %s%s%s %s", q->kind, q->fair,
               q->booth ? " " : "", q->booth ? q->booth : "", format->word);
    if (ingest_queue(v->web->ingest, &entry->job) != ERR_OK)
        entered(&entry->job, NULL, ERR_BUSY);
}

/* ---- the answer ---------------------------------------------------------- */

static enum err make(struct visit *v, const struct report_kind *kind,
                     const struct format *format)
{
    struct answer *a = &v->answer;
    struct report_query q;
    BUF(strings, MAX_TEXT);
    BUF(why, MAX_TEXT);
    enum err e = visit_query(v, &strings, &q);

    if (e != ERR_OK)
        return e;
    q.kind = kind->name;
    q.format = format->format;
    e = cache_report(v->web->cache, v->store, &q, &a->body, &why);
    if (e != ERR_OK)
        return e;
    a->type = format->type;
    if (q.format == REPORT_JSON)
        return ERR_OK;
    buf_printf(&a->file, "%s-%s.%s", q.fair, q.kind, format->word);
    record(v, &q, format);
    return ERR_OK;
}

bool page_export(struct visit *v)
{
    const struct format *format = format_of(visit_param(v, "format"));
    const struct report_kind *kind = report_kind_of(visit_param(v, "kind"));
    enum err e = ERR_OK;

    if (kind == NULL)
        e = ERR_NOT_FOUND;
    else if (format == NULL)
        e = ERR_USAGE;
    if (e == ERR_OK)
        e = make(v, kind, format);
    if (e != ERR_OK)
        visit_refuse(v, e);
    return true;
}
