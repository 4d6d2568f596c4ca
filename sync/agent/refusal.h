/*
 * refusal.h - the aggregator's unsigned "no": {"error","message","remedy"}.
 */
#ifndef AGENT_REFUSAL_H
#define AGENT_REFUSAL_H

#include "fair/buf.h"

/* Reads a reply that is no signed answer. Its message, cut short and made
 * harmless, goes to `why`; "HTTP status" when there is none. The error it
 * names, so far as a device has its own way with it: ERR_BUSY (all 503),
 * ERR_LIMIT (all 413), ERR_CODE, ERR_CODE_USED, ERR_CODE_EXPIRED, ERR_PIN;
 * any other is ERR_REFUSED. */
enum err refusal_read(int status, struct str reply, struct buf *why) MUST_USE;

#endif
