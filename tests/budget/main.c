/*
 * main.c - `budget` lists what is counted, `budget NAME` runs it.
 *
 * A line of the list: name, id, limit, worst or mean, the row the limit is a
 * multiple of in thousandths (or -), and what it is.
 */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "tests/budget/budget.h"

static const struct budget *const groups[] = { sale_budgets,   wire_budgets,
                                               ingest_budgets, opening_budgets,
                                               key_budgets,    report_budgets };

/* What callgrind collects; not to be found elsewhere under this name. */
__attribute__((noinline)) void budget_work(const struct budget *b);

void budget_work(const struct budget *b)
{
    b->work();
}

static void run(const struct budget *b)
{
    b->open();
    for (int i = 0; i < b->runs && b->prepare(); i++)
        budget_work(b);
    b->close();
}

static void list(const struct budget *b)
{
    printf("%s %s %lld %s %s %s\n", b->name, b->id, (long long)b->limit,
           b->worst ? "worst" : "mean", b->times ? b->times : "-", b->what);
}

/* Lists all of a group, or runs the one that is asked for. */
static int look_at(const struct budget *group, const char *wanted)
{
    int found = 0;
    for (const struct budget *b = group; b->name; b++) {
        if (!wanted)
            list(b);
        else if (strcmp(b->name, wanted) == 0) {
            run(b);
            found++;
        }
    }
    return found;
}

int main(int argc, char **argv)
{
    int found = 0;
    /* What was freed in preparing must not make memory dearer than it is for
     * a program that begins: large pieces come zeroed from the system. */
    mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    for (size_t g = 0; g < ARRAY_LEN(groups); g++)
        found += look_at(groups[g], argc < 2 ? NULL : argv[1]);
    return argc < 2 || found == 1 ? 0 : 1;
}
