/*
 * refusal.c - words of a server, which may be any server: nothing of them is
 * believed but that there is no answer.
 */
#include "sync/agent/refusal.h"

#include <string.h>

#include <jansson.h>

#include "fair/text.h"

enum { MESSAGE_COLUMNS = 200 };

static enum err err_of_status(int status)
{
    switch (status) {
    case 503: return ERR_BUSY;
    case 413: return ERR_LIMIT;
    default: return ERR_REFUSED;
    }
}

static enum err err_of_word(const char *word)
{
    static const enum err known[] = { ERR_CODE, ERR_CODE_USED, ERR_CODE_EXPIRED,
                                      ERR_PIN };
    enum err e = word ? err_from_code(word) : ERR_REFUSED;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (known[i] == e)
            return e;
    }
    return ERR_REFUSED;
}

/* A server of ours says the error's own sentence, which is shown anyway. */
static void put_message(const char *message, enum err e, int status,
                        struct buf *why)
{
    buf_clear(why);
    if (message && strcmp(message, err_text(e)) == 0)
        return;
    if (message && *message)
        text_emit_terminal(why, text_clip(str_of(message), MESSAGE_COLUMNS));
    else
        buf_printf(why, "HTTP %d", status);
}

enum err refusal_read(int status, struct str reply, struct buf *why)
{
    enum err e = err_of_status(status);
    json_t *root = json_loadb(reply.data ? reply.data : "", reply.len, 0, NULL);
    const char *word = json_string_value(json_object_get(root, "error"));
    if (e == ERR_REFUSED)
        e = err_of_word(word);
    put_message(json_string_value(json_object_get(root, "message")), e, status,
                why);
    json_decref(root);
    return e;
}
