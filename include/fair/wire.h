/*
 * wire.h - requests and replies between agent and aggregator, byte by byte
 * (sync/PROTOCOL.md 6–9). No transport here: only bytes.
 *
 * One request shape serves push, question, heartbeat and download: a signed
 * header line and the event lines it commits to. Every answer to a properly
 * signed request is a signed acknowledgement, whatever its HTTP status.
 */
#ifndef FAIR_WIRE_H
#define FAIR_WIRE_H

#include "fair/chain.h"
#include "fair/codec.h"
#include "fair/event.h"
#include "fair/lists.h"

#define WIRE_PUSH_PATH  "/v1/push"
#define WIRE_ENROL_PATH "/v1/enrol"
#define WIRE_TYPE       "application/vnd.phien-cho"
enum {
    NONCE_LEN = 32,       /* hex digits */
    MAX_HEADER = 2048,    /* line 1 of a push, reply or enrolment, bytes */
    MAX_PROGRAM = 40,     /* a program's name and version, bytes */
    ENROL_CODE_LEN = 10,  /* characters of an enrolment code */
    MAX_RECORD_HEAD = 160 /* the line before a record in a file, bytes */
};

/* The nonce where nobody asked: in files. */
#define NONCE_NONE "00000000000000000000000000000000"

/* Line 1 of a push. Binary values are hex. */
struct push_header {
    struct str aggregator; /* key id, 16 base32 */
    int64_t clock_ms;      /* device's wall clock */
    struct str device;     /* id; must follow from key */
    int64_t disk_mb;       /* free; -1 unknown */
    int64_t from;          /* first event; from = to + 1: a question */
    struct str head;       /* after event `to`, 64 hex */
    struct str key;        /* device's public key, 64 hex */
    int64_t list;          /* version of the lists held */
    struct str nonce;
    struct str previous; /* hash of event from - 1 */
    struct str program;  /* "fair-sync 1.0" */
    struct str push;     /* format, "1" */
    int64_t to;
    int64_t unsent;  /* events the device has beyond `to` */
    struct str want; /* empty, "manifest", or a page's SHA-256 hex */
};
extern const struct shape push_header_shape;

/* A decoded push: slices of the request. */
struct push {
    struct push_header header;
    uint8_t key[KEY_BYTES];
    uint8_t previous[HASH_BYTES], head[HASH_BYTES];
    struct str events; /* the event lines, each with its '\n' */
    int64_t n;         /* number of them */
    size_t bytes;      /* of the whole document (in files more follow) */
};

/* Appends a push document for events `lines` (already '\n'-terminated; the
 * caller sees to it that they are from…to and lead from previous to head). */
void push_encode(const struct push_header *header, const struct keypair *key,
                 struct str lines, struct buf *out);

/* Checks form, device id, signature, number of lines, each line's length,
 * canonical form and envelope, sequence from…to, and the chain from previous
 * to head (from event 1: also that previous is the chain's start). `bytes`
 * may hold more documents after the first (files); for a request the caller
 * checks push.bytes == bytes.len. `arena` as in codec.h (NULL will do: nothing
 * in a header of ours needs an escape). ERR_FORM (also when lines are missing
 * and when the id does not follow from the key), ERR_LIMIT (more than
 * MAX_BATCH_EVENTS or MAX_BATCH), ERR_SIGNATURE, ERR_CANONICAL, ERR_SEQUENCE,
 * ERR_CHAIN; *bad (may be NULL) is the number of the event at fault, or 0
 * when it is the header, the signature or the chain as a whole. */
enum err push_decode(struct str bytes, struct buf *arena, struct push *out,
                     int64_t *bad) MUST_USE;

/* Walks the '\n'-terminated lines of `events` (moved over them); false when
 * no whole line is left. */
bool lines_next(struct str *events, struct str *line);

/* Line 1 of a reply. */
struct ack {
    struct str ack;        /* format, "1" */
    struct str aggregator; /* key id */
    int64_t at_ms;         /* aggregator's clock */
    int64_t count;         /* events durably held */
    struct str device;
    struct str head;  /* after `count` */
    int64_t list;     /* newest list version for this booth */
    struct str nonce; /* of the request; NONCE_NONE in files */
    struct str state; /* active, gap, fork, revoked, unknown, held */
    int64_t wanted;   /* next event number it would take; 0 none */
};
extern const struct shape ack_shape;

/* Appends both lines; then the wanted bytes may follow. */
void ack_encode(const struct ack *ack, const struct keypair *aggregator,
                struct buf *out);
/* Checks form and signature; *rest is what follows the two lines. `nonce`
 * empty: any. ERR_FORM, ERR_CANONICAL, ERR_SIGNATURE (also when it answers
 * another nonce or comes from another aggregator). */
enum err ack_decode(struct str bytes, const uint8_t aggregator[KEY_BYTES],
                    struct str nonce, struct ack *out,
                    struct str *rest) MUST_USE;

/* Enrolment request: line 1, then the proof of possession: the signature of
 * line 1 by the new key. */
struct enrol_request {
    struct str booth, code;
    struct str device_name; /* may be empty */
    struct str enrol;       /* format, "1" */
    struct str fair;
    struct str key;          /* the device's public key, 64 hex */
    struct str pin;          /* 64 hex: SHA-256 of the server's public key */
    struct str successor_of; /* device id; may be empty */
};
extern const struct shape enrol_request_shape;
void enrol_request_encode(const struct enrol_request *r,
                          const struct keypair *key, struct buf *out);
/* Checks form and proof; not whether the code is known. ERR_FORM,
 * ERR_CANONICAL, ERR_SIGNATURE. */
enum err enrol_request_decode(struct str bytes, struct buf *arena,
                              struct enrol_request *out) MUST_USE;

/* The reply is three lines: admission, its signature (128 hex), phone key
 * (64 hex). */
struct enrol_reply {
    struct str admission, signature, phone_key;
};
void enrol_reply_encode(const struct enrol_reply *r, struct buf *out);
/* Cuts the lines apart; admission_check() does the rest. ERR_FORM. */
enum err enrol_reply_decode(struct str bytes, struct enrol_reply *out) MUST_USE;

/* A refusal that cannot be signed to a device (unknown code, bad form):
 * {"error":CODE,"message":…,"remedy":…} as the command line prints it. */

/* The enrolment string: one word of characters no shell treats,
 * "phiencho1/HOST:PORT/FAIR/BOOTH/CODE/PIN/CHECK": CODE 10 base-20
 * consonants, PIN 52 base32 characters (SHA-256 of the server's public key),
 * CHECK 6 base32 characters of SHA-256 over what stands before. HOST may be an
 * IPv6 address without brackets (the last ':' separates the port). */
struct enrolment {
    char host[256];
    int port;
    char fair[17], booth[7], code[11];
    uint8_t pin[HASH_BYTES];
};
void enrolment_render(const struct enrolment *e, struct buf *out);
/* ERR_INVALID with the word of what is wrong in `why`: form, check (damaged
 * in copying), host, port, fair, booth, code, pin. */
enum err enrolment_parse(struct str word, struct enrolment *out,
                         struct buf *why) MUST_USE;
/* "https://host:port" and "sha256//BASE64" for libcurl. */
void enrolment_url(const struct enrolment *e, struct buf *out);
void pin_render(const uint8_t pin[HASH_BYTES], struct buf *out);

/* Manifest of a list, signed: both lines (PROTOCOL.md 8). */
enum { MANIFEST_ROOM = MAX_MANIFEST + 2 * SIGNATURE_BYTES + 2 };
void manifest_encode(const struct manifest *m, const struct keypair *aggregator,
                     struct buf *out);
/* Allocates m->pages (the caller frees); strings are slices of `bytes`.
 * ERR_FORM, ERR_CANONICAL, ERR_SIGNATURE. */
enum err manifest_decode(struct str bytes, const uint8_t aggregator[KEY_BYTES],
                         struct manifest *out, struct str *rest) MUST_USE;

/* Records of a lists file (PROTOCOL.md 9). `kind` is manifest, page or ack;
 * a reader passes over kinds it does not know. */
struct file_record {
    struct str kind, bytes;
};
void file_record_put(const char *kind, struct str bytes, struct buf *out);
/* Takes the next record off `file`. ERR_NOT_FOUND at the end, ERR_FORM or
 * ERR_CANONICAL where the file is damaged. */
enum err file_record_next(struct str *file, struct file_record *out) MUST_USE;

#endif
