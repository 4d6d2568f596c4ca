/*
 * ledger_draft.c - the only rows that come and go: drafts, by their id. What
 * they hold is the till's business; only ledger_append() drops one together
 * with an event.
 */
#include "fair/ledger.h"

#include "ledger_parts.h"

static enum err draft_run(struct ledger *l, sqlite3_stmt *stmt)
{
    enum err e = db_run(l->db, stmt);
    l->dead = !ledger_goes_on(e);
    return e == ERR_OK ? e : ledger_db_fail(l, e);
}

enum err ledger_draft_save(struct ledger *l, const char *id, struct str bytes)
{
    ASSERT(l->mode == LEDGER_WRITE);
    enum err e = ledger_refuse_dead(l);
    if (e == ERR_OK && bytes.len > MAX_TEXT)
        e = ERR_LIMIT;
    if (e != ERR_OK)
        return e;
    DB_STMT(stmt, l->db, SQL_DRAFT_SAVE);
    db_bind(stmt, "sb", str_of(id), bytes);
    return draft_run(l, stmt);
}

enum err ledger_draft_drop(struct ledger *l, const char *id)
{
    ASSERT(l->mode == LEDGER_WRITE);
    enum err e = ledger_refuse_dead(l);
    if (e != ERR_OK)
        return e;
    DB_STMT(stmt, l->db, SQL_DRAFT_DROP);
    db_bind(stmt, "s", str_of(id));
    return draft_run(l, stmt);
}

enum err ledger_draft_each(struct ledger *l,
                           enum err (*take)(void *ctx, const char *id,
                                            struct str bytes),
                           void *ctx)
{
    enum err e = ledger_refuse_dead(l);
    if (e != ERR_OK || !l->db)
        return e;
    DB_STMT(stmt, l->db, SQL_DRAFTS);
    for (;;) {
        bool row = false;
        e = db_step(l->db, stmt, &row);
        if (e != ERR_OK)
            return ledger_db_fail(l, e);
        if (!row)
            return ERR_OK;
        BUF(id, MAX_TEXT);
        buf_str(&id, db_str(stmt, 0));
        e = take(ctx, buf_text(&id), db_str(stmt, 1));
        if (e != ERR_OK)
            return e;
    }
}
