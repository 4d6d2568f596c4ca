/*
 * i18n.c - which language texts are shown in.
 *
 * The environment chooses everything but the language: a till in the C locale
 * or with a locale that is not installed must still print Vietnamese, so the
 * locale is forced to UTF-8 and gettext is steered by LANGUAGE, which works
 * under C.UTF-8 without any locale package. Keeps no state of its own.
 */
#include "fair/i18n.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/buf.h"

#define DOMAIN "phien-cho"

enum { PATH_ROOM = 4096 };

/* gettext("") would give the catalogue's header. */
const char *i18n_text(const char *text)
{
    return *text ? dgettext(DOMAIN, text) : text;
}

static void utf8_locale(void)
{
    if (!setlocale(LC_ALL, "") || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_ALL, "C.UTF-8");
    setlocale(LC_NUMERIC, "C");
}

/* The folder of the running program, "" when the system does not tell. */
static void program_folder(struct buf *out)
{
    char path[PATH_ROOM];
    ssize_t len = readlink("/proc/self/exe", path, sizeof(path));
    while (len > 0 && path[len - 1] != '/')
        len--;
    if (len > 0)
        buf_put(out, path, (size_t)len);
}

static void find_catalogue(void)
{
    /* Beside a built program, beside a built test, installed. */
    static const char *const places[] = { "locale", "../locale",
                                          "../share/locale" };
    BUF(folder, PATH_ROOM);
    program_folder(&folder);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        BUF(file, MAX_TEXT);
        buf_printf(&file, "%s%s", buf_text(&folder), places[i]);
        size_t len = file.len;
        buf_puts(&file, "/vi/LC_MESSAGES/" DOMAIN ".mo");
        if (access(buf_text(&file), R_OK) != 0)
            continue;
        file.data[len] = '\0';
        bindtextdomain(DOMAIN, file.data);
        return;
    }
}

void i18n_init(const char *language)
{
    utf8_locale();
    setenv("LANGUAGE", language, 1);
    find_catalogue();
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    /* Also tells gettext to forget what it translated before. */
    textdomain(DOMAIN);
}
