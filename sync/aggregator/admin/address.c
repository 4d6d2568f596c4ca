/*
 * address.c - reading https://HOST:PORT.
 */
#include "address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "fair/i18n.h"
#include "fair/money.h"
#include "sync/aggregator/store/office.h"

/* "https://HOST:PORT", "HOST:PORT", IPv6 in brackets -> both parts. */
static bool split_url(const char *url, struct address *a)
{
    const char *host = strncmp(url, "https://", 8) == 0 ? url + 8 : url;
    size_t n = strlen(host);
    const char *colon = strrchr(host, ':');
    int64_t port = 0;

    if (n > 0 && host[n - 1] == '/')
        n--;
    if (colon == NULL || colon == host || (size_t)(colon - host) >= n)
        return false;
    struct str digits = { colon + 1, n - (size_t)(colon + 1 - host) };
    if (money_parse(digits, &port) != ERR_OK || port < 1 || port > 65535)
        return false;
    a->host = (struct str){ host, (size_t)(colon - host) };
    if (host[0] == '[' && colon[-1] == ']' && a->host.len > 2)
        a->host = (struct str){ host + 1, a->host.len - 2 };
    a->port = (int)port;
    for (size_t i = 0; i < a->host.len; i++) {
        if (strchr("/@?#% \t", a->host.data[i]) != NULL)
            return false;
    }
    return true;
}

enum err address_of(struct cli *cli, struct address *out)
{
    const struct office_host *host = cli->program->ctx;
    const char *url = cli_option(cli, "url");
    struct address a;

    if (url == NULL)
        url = host != NULL ? host->url : conf_text(cli->conf, "listen");
    if (!split_url(url, &a))
        return cli_fail(cli, ERR_INVALID, _("%s is no https://HOST:PORT"), url);
    if (a.port == 0 || str_is(a.host, "0.0.0.0") || str_is(a.host, "::"))
        return cli_fail(cli, ERR_INVALID,
                        _("%s is no address a till can call: name it by --url"),
                        url);
    *out = a;
    return ERR_OK;
}

bool address_is_own(const struct address *a)
{
    char host[INET6_ADDRSTRLEN];
    struct in_addr v4;
    struct in6_addr v6;

    if (a->host.len >= sizeof(host))
        return false;
    memcpy(host, a->host.data, a->host.len);
    host[a->host.len] = '\0';
    if (inet_pton(AF_INET, host, &v4) == 1)
        return ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    if (inet_pton(AF_INET6, host, &v6) == 1)
        return IN6_IS_ADDR_LOOPBACK(&v6);
    return strcasecmp(host, "localhost") == 0;
}

void address_put(const struct address *a, struct buf *out)
{
    bool brackets = memchr(a->host.data, ':', a->host.len) != NULL;

    buf_puts(out, brackets ? "https://[" : "https://");
    buf_str(out, a->host);
    buf_printf(out, "%s:%d", brackets ? "]" : "", a->port);
}
