/* Report templates: whatever the text, a verdict with its line, or a tree that keeps its promises. */
#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "report/template.h"

enum { DEPTH_LIMIT = 64 };

static void check_parts(const struct part *part)
{
    for (; part; part = part->next) {
        FUZZ_CHECK(part->text && part->line > 0);
        FUZZ_CHECK(part->kind <= PART_NAMES);
    }
}

static void check_nodes(const struct node *node, int depth)
{
    FUZZ_CHECK(depth < DEPTH_LIMIT);
    for (; node; node = node->next) {
        bool text = node->kind <= NODE_ITEM, block = node->kind >= NODE_EACH;

        FUZZ_CHECK(node->line > 0);
        FUZZ_CHECK(text ? !node->name : node->name != NULL);
        FUZZ_CHECK(node->kind != NODE_HEADING || (node->level >= 1 && node->level <= 3));
        FUZZ_CHECK(block || (!node->body && !node->otherwise));
        for (size_t i = 0; i < node->column_count; i++)
            FUZZ_CHECK(node->columns[i] && *node->columns[i]);
        check_parts(node->parts);
        check_nodes(node->body, depth + 1);
        check_nodes(node->otherwise, depth + 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    _cleanup_free_ char *text = mem_strndup((const char *)data, size);
    _cleanup_template_ struct template template = {0};
    struct err err = {0};
    int verdict = template_parse(&template, "t.md", text, &err);

    FUZZ_CHECK(verdict == 0 || verdict == 1);
    FUZZ_CHECK((verdict == 0) == (err.code == ERR_NONE));
    FUZZ_CHECK(verdict == 0 || (strncmp(err.en, "t.md:", 5) == 0 && err.zh[0]));
    if (verdict == 0)
        check_nodes(template.nodes, 0);
    return 0;
}
