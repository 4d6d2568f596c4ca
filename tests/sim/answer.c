/*
 * answer.c - walking JSON text; whole values are passed over by their
 * brackets and quotes.
 */
#include "tests/sim/answer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    const char *at, *end;
};

static void blanks(struct walk *w)
{
    while (w->at < w->end && strchr(" \n\t\r,:", *w->at))
        w->at++;
}

static struct str string(struct walk *w)
{
    const char *from = ++w->at;
    while (w->at < w->end && *w->at != '"')
        w->at += *w->at == '\\' && w->at + 1 < w->end ? 2 : 1;
    struct str s = { from, (size_t)(w->at - from) };
    w->at += w->at < w->end;
    return s;
}

/* The value that begins here; behind it the walk goes on. */
static struct str value(struct walk *w)
{
    int depth = 0;
    blanks(w);
    const char *from = w->at;
    if (w->at < w->end && *w->at == '"')
        return string(w);
    while (w->at < w->end) {
        char c = *w->at;
        if (depth == 0 && w->at > from && strchr(",]} \n", c))
            break;
        depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        if (c == '"')
            string(w);
        else
            w->at++;
        if (depth == 0 && (c == '}' || c == ']'))
            break;
    }
    return (struct str){ from, (size_t)(w->at - from) };
}

/* The member or place `name` of an object or array. */
static struct str part(struct str json, struct str name)
{
    struct walk w = { json.data, json.data + json.len };
    const struct str none = { NULL, 0 };
    long place = strtol(name.data, NULL, 10);
    blanks(&w);
    if (w.at == w.end || (*w.at != '{' && *w.at != '['))
        return none;
    bool object = *w.at++ == '{';
    for (long i = 0;; i++) {
        blanks(&w);
        if (w.at >= w.end || *w.at == '}' || *w.at == ']')
            return none;
        struct str key = object ? value(&w) : none;
        struct str found = value(&w);
        if (object ? str_eq(key, name) : i == place)
            return found;
    }
}

struct str answer_at(struct str json, const char *path)
{
    while (*path) {
        size_t len = strcspn(path, ".");
        json = part(json, (struct str){ path, len });
        path += len + (path[len] == '.');
    }
    return json;
}

int64_t answer_hundredths(struct str json, const char *path)
{
    struct str s = answer_at(json, path);
    char text[32], *end;
    if (s.len == 0 || s.len >= sizeof(text))
        err_die(path, 0, "an answer lacks this figure");
    memcpy(text, s.data, s.len);
    text[s.len] = '\0';
    int64_t n = strtoll(text, &end, 10) * 100;
    if (*end == '.' && strlen(end) == 3) {
        int64_t part_ = strtol(end + 1, &end, 10);
        n = text[0] == '-' ? n - part_ : n + part_;
    }
    if (*end)
        err_die(path, 0, "an answer is no figure");
    return n;
}

int64_t answer_int(struct str json, const char *path)
{
    int64_t n = answer_hundredths(json, path);
    ASSERT(n % 100 == 0);
    return n / 100;
}

bool answer_true(struct str json, const char *path)
{
    return str_is(answer_at(json, path), "true");
}
