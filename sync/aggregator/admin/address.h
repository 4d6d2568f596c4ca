/*
 * address.h - where this aggregator is reached, as commands tell it to others.
 */
#ifndef AGGREGATOR_ADDRESS_H
#define AGGREGATOR_ADDRESS_H

#include "fair/cli.h"

struct address {
    struct str host; /* of an IPv6 address without its brackets */
    int port;
};
/* As --url says, as we serve, or as the configuration says. ERR_INVALID: no
 * https://HOST:PORT, or one that nobody else can call. */
enum err address_of(struct cli *cli, struct address *out) MUST_USE;
/* Does only the machine itself reach it? */
bool address_is_own(const struct address *a);
/* Appends "https://HOST:PORT". */
void address_put(const struct address *a, struct buf *out);

#endif
