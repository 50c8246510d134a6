/* A small ledger's answers, so that client/report can be tested without a daemon. */
#ifndef TEST_REPORT_STAGE_H
#define TEST_REPORT_STAGE_H

#include "report/document.h"

/* Answers `figures`, `rules`, `status`, `board`, `alerts`, `due`, `list`; counts the questions of each in `asked`. */
struct report_stage {
    int figures, board, alerts, others;
    const char *name; /* of the branch B-1, as the ledger has it */
    bool fails;       /* all but the first three questions */
};

struct material *stage_material(struct report_stage *stage, bool zh);
/* The text filled in, as Markdown; the error's English sentence where it is refused. */
void stage_fill(struct buf *out, struct material *material, const char *template_text);

#endif
