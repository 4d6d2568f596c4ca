/*
 * cmd_doctor.c - `doctor`: is this till ready for a day? It answers whatever
 * the state of the directory is, and changes nothing in it.
 */
#include <stdio.h>

#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/library.h"
#include "fair/text.h"
#include "pos/commands/cmd.h"
#include "pos/commands/commands.h"
#include "pos/paper/printer.h"
#include "pos/till/setup.h"

enum { LEVEL_COLUMNS = 9 };

struct findings {
    int n;
    struct finding at[FINDINGS_MAX];
};

static void put_json(const struct findings *found, bool ok, struct buf *out)
{
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_bool(&j, "ok", ok);
    json_array(&j, "findings");
    for (int i = 0; i < found->n; i++) {
        const struct finding *f = &found->at[i];
        json_object(&j, NULL);
        json_text(&j, "id", f->id);
        json_text(&j, "level", finding_words[f->level]);
        json_text(&j, "text", f->text);
        json_text(&j, "remedy", _(f->remedy));
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    json_finish(&j);
}

static void put_text(const struct findings *found, struct buf *out)
{
    static const char *const levels[] = { N_("good"), N_("warning"),
                                          N_("BAD") };
    for (int i = 0; i < found->n; i++) {
        const struct finding *f = &found->at[i];
        text_pad(out, str_of(_(levels[f->level])), LEVEL_COLUMNS);
        buf_printf(out, "%s\n", f->text);
        if (!f->remedy[0])
            continue;
        text_pad(out, STR(""), LEVEL_COLUMNS);
        buf_printf(out, "→ %s\n", _(f->remedy));
    }
}

/* Reads the till, without waiting for the screen that may have it open. */
static void examine(struct cli *cli, const struct printer_state *printer,
                    struct findings *found)
{
    struct till till;
    BUF(why, MAX_TEXT);
    enum err e =
        till_open(cli->data, LEDGER_READ, "fair-pos doctor", &why, &till);
    const struct setup_closed closed = { cli->data, e, buf_slice(&why) };
    if (e) {
        found->n = setup_check_closed(&closed, printer, found->at);
        return;
    }
    found->n = setup_check(&till, printer, found->at);
    till_close(&till);
}

/* Warnings stand before what is good. */
static void add_old(const struct library_use *use, struct findings *found)
{
    int at = found->n++;
    struct finding *f = found->at;
    ASSERT(found->n <= FINDINGS_MAX);
    for (; at > 0 && f[at - 1].level == FINDING_GOOD; at--)
        f[at] = f[at - 1];
    f[at] = (struct finding){ .id = "libraries",
                              .level = FINDING_WARN,
                              .remedy = N_("update the system's packages") };
    snprintf(f[at].text, sizeof(f[at].text), "%s %s < %s", use->name,
             use->version(), use->least);
}

static void look_at_libraries(const struct cli *cli, struct findings *found)
{
    const struct library_use *use = cli->program->libraries;
    for (; use && use->name; use++) {
        if (library_is_old(use))
            add_old(use, found);
    }
}

enum err pos_doctor(struct cli *cli)
{
    struct findings found;
    struct printer printer;
    struct printer_state state = { 0 };
    BUF(why, MAX_TEXT);
    enum err e = printer_conf(cli->conf, &printer);
    if (e)
        return cli_fail(cli, e, "printer");
    printer_look(&printer, cli->data, &state, &why);
    examine(cli, &state, &found);
    look_at_libraries(cli, &found);
    bool ok = found.at[0].level != FINDING_BAD;
    if (cli->format == FORMAT_JSON)
        put_json(&found, ok, &cli->out);
    else
        put_text(&found, &cli->out);
    if (ok)
        return ERR_OK;
    cli->out_on_failure = true;
    cli->text = N_("this till is not ready for a day");
    cli->remedy = N_("do what is said above, then look again");
    return ERR_INVALID;
}
