/*
 * report_compare.h - two fairs side by side and how that is printed (private
 * to report_compare*.c).
 */
#ifndef AGGREGATOR_REPORT_COMPARE_H
#define AGGREGATOR_REPORT_COMPARE_H

#include "fair/money.h"

#include "report_daybook.h"
#include "report_parts.h"

enum figure_name {
    FIGURE_VISITS,
    FIGURE_ALL, /* net revenue, like those below */
    FIGURE_IN_PROVINCE,
    FIGURE_OTHER_PROVINCE,
    FIGURE_FOREIGN,
    FIGURES
};

/* The six members of a row. */
enum cmp {
    CMP_THIS,
    CMP_THAT,
    CMP_THIS_PER_DAY, /* visits in hundredths, revenue in whole đồng */
    CMP_THAT_PER_DAY,
    CMP_GROWTH_TOTAL, /* hundredths of a per cent */
    CMP_GROWTH_PER_DAY,
    CMPS
};

struct side {
    const char *code;
    bool measured;    /* these figures are used; else the published ones */
    bool published;   /* such figures exist */
    bool running;     /* measured, and today is one of the fair's dates */
    bool part;        /* ... and a fair-day whose hour of closing is to come */
    int64_t days;     /* that averages divide by; 0: not begun */
    struct fair fair; /* when it has a calendar */
    struct figures figures;
    struct buf strings;       /* of figures */
    struct daybook *whole;    /* all of a measured fair, or: */
    struct fairground ground; /* up to where another one runs */
    struct tally tally;
    struct figure figure[FIGURES];
};

struct comparison {
    int64_t now_ms;
    struct side this, that;
    bool cut;           /* the other fair is taken up to where this one is: */
    struct until until; /* ... in its own days */
    int64_t until_ms; /* ... in the middle of a day: up to this moment; or 0 */
    struct figure compared[FIGURES]; /* of this, what growth is computed from */
    struct figure row[FIGURES][CMPS];
};

const char *side_name(const struct side *s);
/* What was added up of a measured side. */
const struct tally *side_tally(const struct side *s);

void compare_json(const struct comparison *c, struct buf *out);
void compare_text(const struct comparison *c, struct buf *out);
/* As a table: CSV, HTML, XLSX. The report takes the fair's name as its title.
 */
void compare_print(const struct comparison *c, struct report *r,
                   struct buf *out);

/* Is it a figure that this fair has not counted at all? */
bool compare_uncounted(const struct comparison *c, enum figure_name name);
/* Is a member of the row in hundredths? */
bool compare_is_hundredths(enum figure_name name, enum cmp cmp);
/* A line: "NAME (CODE)", `between`, days, source, coverage, holds. */
void compare_side(const struct comparison *c, const struct side *s,
                  const char *between, struct buf *out);
/* Lines: up to where a running fair is compared. */
void compare_running(const struct comparison *c, struct buf *out);

#endif
