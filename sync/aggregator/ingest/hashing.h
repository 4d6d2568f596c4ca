/*
 * hashing.h - SHA-256 by GnuTLS, which is here for HTTPS anyway and uses the
 * instructions that many processors have for it: about four times as fast as
 * portable code.
 */
#ifndef AGGREGATOR_HASHING_H
#define AGGREGATOR_HASHING_H

#include <stdbool.h>

/* Chains are hashed by it from now on. False when it does not get the results
 * that it should: then libsodium goes on, slower and just as right. Before
 * there are threads. */
bool hashing_begin(void);

#endif
