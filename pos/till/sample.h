/*
 * sample.h - something to sell where there is nothing: the products of
 * config/sample/catalogue.csv, which is part of the program. Codes are 1, 2, 3…
 * in the file's order, the first twelve have the hot keys. Prices are
 * plausible, certificates are left out.
 */
#ifndef POS_SAMPLE_H
#define POS_SAMPLE_H

#include "fair/lists.h"

/* For the booth and calendar of `admission`; version 1. */
struct lists *sample_lists(const struct admission *admission,
                           uint8_t hash[HASH_BYTES]);

#endif
