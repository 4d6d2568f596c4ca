/*
 * aged.h - an aggregator's file as an earlier program would have left it.
 */
#ifndef FAIR_TEST_AGED_H
#define FAIR_TEST_AGED_H

/* Earlier shapes of the tables that are kept: the first so many scripts. */
enum { AGED_VERSIONS = 3 };

/* Puts what is in the closed store of `dir` (fairs, devices, events, branches
 * and decisions; nothing packed) into a file of that version, 1…, in its
 * place. */
void aged_make(const char *dir, int version);

#endif
