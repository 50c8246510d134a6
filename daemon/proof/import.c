#include "proof/import.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/text.h"
#include "chain/content.h"
#include "chain/line.h"
#include "ledger/derive.h"
#include "store/chain_rows.h"
#include "store/upkeep.h"
#include "wire/scan.h"

enum { LINE_BYTES = LINE_ROW_MAX_BYTES + 2, UPKEEP_ROWS = 1024 };

struct importing {
    const struct import_options *options;
    FILE *file;
    off_t size_bytes; /* of it; 0: it is no plain file */
    char *line;       /* LINE_BYTES */
    int64_t number;   /* of the line read last */
    struct chain_row row; /* of it */
    struct store *store;
    struct kinds kinds;
    struct import_result *result;
};

/* --- lines --- */

static int too_long(struct err *err)
{
    err_say(err, ERR_TOO_LARGE, NULL, "this line is longer than any row of an export", "此行比导出文件的任何一行都长");
    return -1;
}

static int next_line(void *data, struct chain_row *out, struct arena *arena, struct err *err)
{
    struct importing *m = data;
    size_t len;

    if (!fgets(m->line, LINE_BYTES, m->file))
        return ferror(m->file) ? err_fault(err, "%s", strerror(errno)) : 0;
    m->number++;
    len = strlen(m->line);
    if (len > 0 && m->line[len - 1] == '\n')
        len--;
    else if (len == LINE_BYTES - 1)
        return too_long(err);
    if (line_read(out, arena, m->line, len, err) != 0)
        return -1;
    m->row = *out;
    return 1;
}

/* The sentence, with the place in the file. */
static int at_line(const struct importing *m, int64_t line, const struct err *why, struct err *err)
{
    return err_say(err, why->code, NULL, "%s:%lld: %s%.0s", "%s:%lld：%.0s%s", m->options->file, (long long)line, why->en,
                   why->zh);
}

/* --- rows --- */

/* Meeting kinds that the configuration does not have (any more): the ledger knows them all the same. */
static int learn_kinds(struct importing *m, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct scan s;

    if (scan_read(&s, &arena, m->row.body.s, m->row.body.len, EVENT_DEPTH_MAX))
        return 0; /* derive says so */
    for (size_t key = 1; key < s.count; key = s.nodes[key + 1].next) {
        size_t end = s.nodes[key + 1].next;

        if (s.nodes[key + 1].kind != SCAN_ARRAY || s.nodes[key].len != 5 || memcmp(scan_str(&s, &s.nodes[key]), "kinds", 5) != 0)
            continue;
        for (size_t i = key + 2; i < end; i = s.nodes[i].next) {
            const char *name = scan_str(&s, &s.nodes[i]);
            int bit;

            if (s.nodes[i].kind != SCAN_STRING || kinds_find(&m->kinds, name, s.nodes[i].len) >= 0)
                continue;
            bit = kinds_add(&m->kinds, name, -1);
            if (bit >= 0 && store_kind_add(m->store, bit, name, err) < 0)
                return -1;
        }
    }
    return 0;
}

static int take_first(struct importing *m, const struct content *content, struct err *err)
{
    _cleanup_arena_ struct arena arena = {0};
    struct event event;

    if (content->type != EV_LEDGER_OPENED ||
        event_read(&event, &arena, m->row.body.s, m->row.body.len, EVENT_STORED, &m->kinds, err) != 0)
        return err_say(err, ERR_INVALID_VALUE, NULL, "the first row of a ledger is ledger.opened", "台账的第一行应为 ledger.opened");
    text_copy(m->result->ledger, sizeof m->result->ledger, event_text(&event, F_LEDGER));
    m->result->rehearsal = event_int(&event, F_REHEARSAL, 0) != 0;
    if (strcmp(event_text(&event, F_TIMEZONE), m->options->timezone) != 0)
        return err_say(err, ERR_INVALID_VALUE, "timezone", "this ledger was opened with the time zone %s, the configuration says %s",
                       "该台账以时区 %s 建立，而配置为 %s", event_text(&event, F_TIMEZONE), m->options->timezone);
    return 0;
}

static int put_in(struct importing *m, struct err *err)
{
    const struct onlooker *look = &m->options->onlooker;
    _cleanup_arena_ struct arena arena = {0};
    struct content content;
    int r = 0;

    if (!content_read(&content, &arena, m->row.body) || content.type == EV_NONE)
        return err_say(err, ERR_UNKNOWN_TYPE, NULL, "this version knows no event of this type: it was exported by a newer one",
                       "本版本不认识此类事件：它由更新的版本导出");
    memcpy(m->row.id, content.id, UUID_SIZE);
    m->row.type = content.type;
    if (m->row.seq == 1)
        r = take_first(m, &content, err);
    if (r == 0)
        r = learn_kinds(m, err);
    if (r == 0)
        r = store_chain_insert(m->store, &m->row, err);
    if (r == 0)
        r = derive_stored(m->store, &m->kinds, m->row.seq, err);
    if (r == 0 && m->row.seq % UPKEEP_ROWS == 0) {
        r = store_upkeep_within(m->store, err);
        look->step(look->data, m->row.seq, progress_expect(m->row.seq, ftello(m->file), m->size_bytes));
    }
    return r;
}

static int put_all(struct importing *m, struct err *err)
{
    _cleanup_chain_walk_ struct chain_walk *walk = chain_walk_new((struct row_source){next_line, m});
    enum walk_result how = WALK_GOES_ON;
    struct err why = {0};
    int64_t line = 0;
    int r = 0;

    while (r == 0 && how == WALK_GOES_ON) {
        int64_t before = chain_walk_seq(walk);

        line = m->number + 1; /* those behind it may be read to explain a misfit */
        if (chain_walk_step(&how, walk, 1, &why) < 0)
            return at_line(m, m->number, &why, err);
        if (chain_walk_seq(walk) > before)
            r = put_in(m, &why);
    }
    if (r < 0) {
        *err = why;
        return -1;
    }
    if (r > 0)
        return at_line(m, line, &why, err);
    if (how != WALK_FITS)
        return at_line(m, line, &chain_walk_misfit(walk)->why, err);
    m->result->rows = chain_walk_seq(walk);
    memcpy(m->result->head, chain_walk_value(walk), CHAIN_SIZE);
    return 0;
}

static int check_empty(struct importing *m, struct err *err)
{
    uint8_t chain[CHAIN_SIZE];
    int64_t seq, at;
    int r = store_row_last(&seq, &at, chain, m->store, err);

    if (r == 1)
        return err_say(err, ERR_EXISTS, NULL, "%s has %lld rows: an export goes into an empty database only",
                       "%s 已有 %lld 行：导出文件只能导入空数据库", m->options->database, (long long)seq);
    return r;
}

static int take_kinds(struct importing *m, struct err *err)
{
    if (store_kinds_load(&m->kinds, m->store, err) < 0)
        return -1;
    for (size_t i = 0; i < m->options->kind_count; i++) {
        const char *name = m->options->kinds[i];
        int bit = kinds_find(&m->kinds, name, strlen(name)) >= 0 ? -1 : kinds_add(&m->kinds, name, -1);

        if (bit >= 0 && store_kind_add(m->store, bit, name, err) < 0)
            return -1;
    }
    return 0;
}

static int import_into(struct importing *m, struct err *err)
{
    int r = check_empty(m, err);

    if (r == 0)
        r = store_begin(m->store, err);
    if (r == 0)
        r = take_kinds(m, err);
    if (r == 0)
        r = put_all(m, err);
    if (r == 0)
        r = store_commit(m->store, err);
    if (r != 0)
        store_rollback(m->store);
    return r;
}

static void importing_deinit(struct importing *m)
{
    store_free(m->store);
    kinds_deinit(&m->kinds);
    free(m->line);
    cleanup_file(&m->file);
}

int proof_import(struct import_result *out, const struct import_options *options, struct err *err)
{
    CLEANUP(importing_deinit) struct importing m = {.options = options, .result = out};
    struct stat about;
    int r;

    memset(out, 0, sizeof *out);
    kinds_init(&m.kinds);
    m.line = mem_alloc(LINE_BYTES);
    m.file = fopen(options->file, "re");
    if (!m.file)
        return err_say(err, ERR_INVALID_VALUE, NULL, "%s: %s", "%s：%s", options->file, strerror(errno));
    if (fstat(fileno(m.file), &about) == 0 && S_ISREG(about.st_mode))
        m.size_bytes = about.st_size;
    r = store_open(&m.store, options->database, STORE_WRITE, err);
    return r == 0 ? import_into(&m, err) : r;
}
