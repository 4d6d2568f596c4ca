/*
 * fuzz_import.c - any bytes as a file for `fair-aggregator import`.
 *
 * The first byte says what it is to be: booths, catalogue, a booth's list,
 * published figures or a ledger, and whether the answer is JSON. The store
 * holds a fair with rows of each; nothing that is read stays. Rules checked:
 * nothing crashes; what is refused says why, in text for a terminal; the same
 * file is judged the same again.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fair/env.h"
#include "fair/i18n.h"
#include "fair/text.h"
#include "sync/aggregator/admin/import.h"
#include "sync/aggregator/ingest/keys.h"
#include "sync/aggregator/store/office.h"
#include "tests/support/scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KINDS = 5, LEDGER = 4 };

static const struct kind {
    const char *name, *sample; /* rows that are there already */
} kinds[KINDS] = {
    { "booths", "booth,name,origin,stands,place\r\nA1,Hạ Long,in-province,1,B\n"
                "A2,Ba Chẽ,foreign,,\n" },
    { "catalogue",
      "sku,name,unit,price_vnd,producer,stars,certificate,certified_on,"
      "expires_on,barcode\nCM-KG,Chả mực,kg,450000,HTX,3,QN-1,2017-01-11,"
      "2020-01-10,8936012345674\nTH-01,Trà,hộp,120000,,,,,,\n" },
    { "list", "booth,sku,code\nA1,CM-KG,1\nA2,TH-01,2\n" },
    { "figures", "" },
    { "ledger", "" },
};

static const struct conf_key conf_keys[] = { { "language", CONF_CHOICE, 0, 0,
                                               "vi|en" },
                                             { "store", CONF_TEXT, 0, 0, NULL },
                                             { NULL, CONF_INT, 0, 0, NULL } };
static char dir[SCRATCH_ROOM], path[2 * SCRATCH_ROOM];
static struct store *store;
static struct office_host host;
static struct cli_command commands[IMPORT_COMMANDS + 1];
static struct cli_program program = {
    .name = "fair-aggregator",
    .version = "1",
    .about = "",
    .conf_keys = conf_keys,
    .commands = commands,
    .ctx = &host,
};

static void write_file(struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ASSERT(fd >= 0);
    ASSERT(write(fd, bytes.data, bytes.len) == (ssize_t)bytes.len);
    close(fd);
}

static enum err import(const struct kind *kind, struct str bytes, bool dry,
                       const char *format, struct buf *said)
{
    static const char fair[] = "--fair=XUAN";
    const char *argv[9] = { "fair-aggregator", "import", kind->name, path };
    struct cli cli;
    int n = 4;
    if (kind != &kinds[1] && kind < &kinds[3])
        argv[n++] = fair;
    if (dry && kind < &kinds[LEDGER])
        argv[n++] = "--dry-run";
    argv[n++] = format;
    argv[n++] = "--data";
    argv[n++] = dir;
    write_file(bytes);
    enum err e = cli_carry_out(&program, n, argv, &cli);
    buf_str(said, e == ERR_OK ? buf_slice(&cli.out) : buf_slice(&cli.detail));
    ASSERT(e == ERR_OK || cli.detail.len > 0 || cli.text != NULL);
    ASSERT(e != ERR_USAGE);
    cli_done(&cli);
    return e;
}

static void tear_down(void)
{
    store_close(store);
    scratch_remove(dir);
}

static void set_up(void)
{
    enum change change;
    struct fair f = {
        .code = "XUAN", .name = "Xuân", .first_day = 20200114, .days = 6
    };
    sign_init();
    i18n_init("en");
    scratch_make(dir);
    snprintf(path, sizeof(path), "%s/in", dir);
    memcpy(commands, import_commands, sizeof(import_commands));
    program.conf_defaults = STR("language = en\nstore =\n");
    enum err e = keys_make(dir);
    if (e == ERR_OK)
        e = store_open(dir, STORE_WRITE, NULL, &store);
    if (e == ERR_OK)
        e = fair_put(store, &f, &change);
    ASSERT(e == ERR_OK);
    host = (struct office_host){ .store = store, .where = dir, .cwd = dir };
    atexit(tear_down);
    for (int i = 0; i < 3; i++) {
        BUF(said, MAX_OUTPUT);
        e = import(&kinds[i], str_of(kinds[i].sample), false, "--format=text",
                   &said);
        if (e != ERR_OK)
            err_die(kinds[i].name, (int)e, buf_text(&said));
    }
}

static void check_text(struct str s)
{
    BUF(safe, MAX_OUTPUT);
    while (s.len > 0) {
        const char *end = memchr(s.data, '\n', s.len);
        size_t len = end ? (size_t)(end - s.data) : s.len;
        struct str line = { s.data, len };
        buf_clear(&safe);
        text_emit_terminal(&safe, line);
        ASSERT(str_eq(buf_slice(&safe), line));
        s.data += len + (end != NULL);
        s.len -= len + (end != NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (!store)
        set_up();
    const struct kind *kind = &kinds[data[0] % KINDS];
    const char *format = data[0] >= 128 ? "--format=json" : "--format=text";
    struct str bytes = { (const char *)data + 1, size - 1 };
    BUF(once, MAX_OUTPUT);
    BUF(twice, MAX_OUTPUT);
    enum err e = import(kind, bytes, true, format, &once);
    check_text(buf_slice(&once));
    if (kind == &kinds[LEDGER])
        return 0;
    ASSERT(import(kind, bytes, true, format, &twice) == e);
    ASSERT(str_eq(buf_slice(&once), buf_slice(&twice)));
    return 0;
}
