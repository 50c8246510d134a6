/* Rule packs: whatever the text, a verdict with a place or a pack that keeps its promises; and the same
 * pack read from its JSON has the same hash. A text that is JSON is tried as such, too. */
#include <string.h>

#include "../unit/leaks.h"
#include "fuzz.h"
#include "pack/conf.h"
#include "pack/pack.h"

static void check_rule(const struct rule *rule)
{
    bool by_kinds = rule->kind == RULE_CADENCE || rule->kind == RULE_SILENCE;

    FUZZ_CHECK(rule->id && rule->title.zh && rule->basis.en && rule->remedy.zh);
    FUZZ_CHECK(rule->subject <= SUBJECT_TRANSFER);
    FUZZ_CHECK(rule->level_count >= 1 && rule->level_count <= 3);
    FUZZ_CHECK(!by_kinds || (rule->subject <= SUBJECT_MEMBER && rule->kind_name_count > 0));
    FUZZ_CHECK(rule->kind != RULE_CADENCE || rule->at_least > 0);
    for (size_t i = 1; i < rule->level_count; i++) {
        const struct threshold *a = &rule->levels[i - 1], *b = &rule->levels[i];
        day_t day = day_from_civil(2024, 1, 31);

        FUZZ_CHECK(a->level < b->level);
        FUZZ_CHECK(rule->kind == RULE_CADENCE ? a->missed < b->missed
                                              : day_add(day, a->after) < day_add(day, b->after));
    }
    for (size_t i = 0; i < rule->when_count; i++)
        FUZZ_CHECK(rule->when[i].value.type != FACT_UNSET);
}

static void check_verdict(int verdict, const struct pack *pack, const struct err *err)
{
    FUZZ_CHECK(verdict == 0 || verdict == 1);
    FUZZ_CHECK((verdict == 0) == (pack != NULL) && (verdict == 0) == (err->code == ERR_NONE));
    FUZZ_CHECK(verdict == 0 || (err->code == ERR_INVALID_VALUE && err->en[0] && err->zh[0]));
    for (size_t i = 0; pack && i < pack->rule_count; i++)
        check_rule(&pack->rules[i]);
}

static void try_json(const json_t *json, const struct pack *expected, const struct kinds *kinds)
{
    _cleanup_pack_ struct pack *pack = NULL;
    struct err err = {0};
    int verdict = pack_read_json(&pack, json, kinds, &err);

    check_verdict(verdict, pack, &err);
    FUZZ_CHECK(!expected || (pack && strcmp(pack->hash, expected->hash) == 0));
}

static void try_text(const char *text, size_t len, const struct kinds *kinds)
{
    _cleanup_arena_ struct arena arena = {0};
    _cleanup_pack_ struct pack *pack = NULL;
    struct err err = {0}, ignored = {0};
    struct conf_node *root;
    json_t *json;
    int verdict = pack_read_text(&pack, text, len, "p.cfg", kinds, &err);

    check_verdict(verdict, pack, &err);
    FUZZ_CHECK(verdict == 0 || strncmp(err.en, "p.cfg:", 6) == 0);
    if (conf_read_text(&root, &arena, text, len, "p.cfg", &ignored) != 0) {
        FUZZ_CHECK(verdict == 1);
        return;
    }
    json = conf_to_json(root);
    try_json(json, pack, kinds);
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct kinds kinds;
    json_t *json = json_loadb((const char *)data, size, 0, NULL);

    kinds_init(&kinds);
    try_text((const char *)data, size, &kinds);
    if (json)
        try_json(json, NULL, NULL);
    json_decref(json);
    return 0;
}
