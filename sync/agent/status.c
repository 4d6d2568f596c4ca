/*
 * status.c - the till's ledger and inbox, side by side.
 */
#include "sync/agent/status.h"

#include "fair/date.h"
#include "fair/i18n.h"
#include "fair/json.h"
#include "fair/money.h"
#include "fair/text.h"

enum { LABEL_COLUMNS = 20 };

static enum err open_files(const char *dir, struct buf *why, struct status *s)
{
    buf_clear(why);
    sign_init();
    enum err e =
        ledger_open(dir, LEDGER_READ, "fair-sync status", why, &s->ledger);
    if (!e)
        e = inbox_open(dir, INBOX_READ, "fair-sync status", why, &s->inbox);
    return e ? e : inbox_state(s->inbox, &s->contact);
}

enum err status_read(const char *dir, struct buf *why, struct status *out)
{
    struct status s = { 0 };
    enum err e = open_files(dir, why, &s);
    if (e) {
        status_done(&s);
        return e;
    }
    s.till = ledger_state(s.ledger);
    *out = s;
    return ERR_OK;
}

void status_done(struct status *s)
{
    ledger_close(s->ledger);
    inbox_close(s->inbox);
}

static int64_t unsent(const struct status *s)
{
    int64_t n = s->till->count - s->contact.acked;
    return n > 0 ? n : 0;
}

void status_json(const struct status *s, struct buf *out)
{
    struct json j;
    json_begin(&j, out);
    json_object(&j, NULL);
    json_text(&j, "device", s->till->device);
    json_str(&j, "booth", s->till->admission.booth);
    json_str(&j, "fair", s->till->admission.fair);
    json_int(&j, "events", s->till->count);
    json_int(&j, "acknowledged", s->contact.acked);
    json_int(&j, "unsent", unsent(s));
    json_time(&j, "last_contact", s->contact.last_contact_ms);
    json_str(&j, "server", s->contact.server);
    if (s->contact.offset_known)
        json_int(&j, "clock_offset_ms", s->contact.offset_ms);
    else
        json_null(&j, "clock_offset_ms");
    json_str(&j, "state", s->contact.state);
    json_int(&j, "list", s->contact.list);
    json_end_object(&j);
    json_finish(&j);
}

static void line(struct buf *out, const char *label, struct str value)
{
    text_pad(out, str_of(label), LABEL_COLUMNS);
    buf_putc(out, ' ');
    buf_str(out, value);
    buf_putc(out, '\n');
}

static void count_line(struct buf *out, const char *label, int64_t n)
{
    BUF(number, MAX_TEXT);
    money_render(&number, n);
    line(out, label, buf_slice(&number));
}

static void contact_line(const struct status *s, struct buf *out)
{
    BUF(when, MAX_TEXT);
    int64_t ms = s->contact.last_contact_ms;
    if (ms > 0) {
        day_render_people(&when, day_of_ms(ms));
        buf_putc(&when, ' ');
        clock_render(&when, ms);
    } else {
        buf_puts(&when, _("never"));
    }
    line(out, _("Last contact"), buf_slice(&when));
}

static const char *state_name(struct str state)
{
    static const struct {
        const char *word, *text;
    } names[] = {
        { "new", N_("new") },          { "active", N_("active") },
        { "fork", N_("forked") },      { "revoked", N_("revoked") },
        { "pin", N_("wrong server") }, { "refused", N_("refused") },
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (str_is(state, names[i].word))
            return _(names[i].text);
    }
    return "–";
}

void status_text(const struct status *s, struct buf *out)
{
    BUF(version, MAX_TEXT);
    line(out, _("Device"), str_of(s->till->device));
    line(out, _("Booth"), s->till->admission.booth);
    line(out, _("Fair"), s->till->admission.fair);
    count_line(out, _("Records"), s->till->count);
    count_line(out, _("Acknowledged"), s->contact.acked);
    count_line(out, _("Unsent"), unsent(s));
    contact_line(s, out);
    line(out, _("Server"), s->contact.server);
    if (s->contact.offset_known)
        count_line(out, _("Clock offset, ms"), s->contact.offset_ms);
    line(out, _("State"), str_of(state_name(s->contact.state)));
    buf_int(&version, s->contact.list);
    line(out, _("Lists, version"), buf_slice(&version));
}
