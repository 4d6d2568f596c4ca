/*
 * hashing.h - SHA-256 by Nettle, which uses the instructions that many
 * processors have for it: about four times as fast as portable code. It is
 * here for HTTPS anyway (GnuTLS stands on it), small, and loaded when asked
 * for. libsodium stays the judge of what is right.
 */
#ifndef FAIR_HASHING_H
#define FAIR_HASHING_H

#include <stdbool.h>

/* Chains are hashed by it from now on: worth it for who hashes much, or while
 * somebody waits. False when it is not installed or does not get the results
 * that it should: then libsodium goes on, slower and just as right. Before
 * there are threads. */
bool hashing_begin(void);

#endif
