/* Reading one event: which code wins, in the order of ledger.md section 5. */
#include "wire/event.h"

#include <string.h>

#include "base/text.h"
#include "wire/event_parts.h"

/* Where the members of the event stand in the scan: indices of their values, 0 for none. */
struct members {
    size_t id, type, at, replaces, extra;
    size_t fields[F_COUNT];
    size_t unknown; /* the key of the first field that the type does not have */
};

const char *event_excerpt(char out[EXCERPT_SIZE], struct span text)
{
    enum { ROOM = EXCERPT_SIZE - 4 };
    size_t len = text.len < ROOM ? text.len : ROOM;

    memcpy(out, text.s, len);
    out[len] = '\0';
    text_trim_utf8(out);
    for (char *p = out; *p; p++) {
        bool pair = (unsigned char)*p == 0xC2; /* C1 has two bytes */

        if (text_has_control(p, pair ? 2 : 1) || *p == '\n' || *p == '\t')
            memset(p, ' ', pair ? 2 : 1);
    }
    if (text.len > ROOM)
        strcat(out, "…");
    return out;
}

/* The five fields that every type has. NULL for another name. */
static size_t *common_member(struct members *m, struct span key)
{
    switch (key.len) {
    case 2:
        return span_is(key, "id") ? &m->id : span_is(key, "at") ? &m->at : NULL;
    case 4:
        return span_is(key, "type") ? &m->type : NULL;
    case 5:
        return span_is(key, "extra") ? &m->extra : NULL;
    case 8:
        return span_is(key, "replaces") ? &m->replaces : NULL;
    default:
        return NULL;
    }
}

/* Also of a scan that broke off: as far as it is complete. */
static void find_common(const struct reader *r, struct members *m)
{
    const struct scan *s = &r->scan;

    if (s->count == 0 || s->nodes[0].kind != SCAN_OBJECT)
        return;
    for (size_t key = 1; key + 1 < s->count && s->nodes[key + 1].next; key = s->nodes[key + 1].next) {
        size_t *slot = common_member(m, node_span(r, key));

        if (slot && s->nodes[key + 1].kind != SCAN_NULL)
            *slot = key + 1;
    }
}

static void find_fields(const struct reader *r, struct members *m)
{
    const struct scan *s = &r->scan;

    for (size_t key = 1; key < s->count; key = s->nodes[key + 1].next) {
        struct span name = node_span(r, key);
        const struct field_spec *spec;

        if (s->nodes[key + 1].kind == SCAN_NULL)
            continue; /* the same as absent, whatever its name */
        if (common_member(m, name))
            continue;
        spec = catalogue_find_field(r->out->type, name.s, name.len);
        if (spec)
            m->fields[spec->id] = key + 1;
        else if (!m->unknown)
            m->unknown = key;
    }
}

static void take_id(struct reader *r, const struct members *m)
{
    if (m->id && node_at(r, m->id)->kind == SCAN_STRING) {
        struct span id = node_span(r, m->id);

        r->out->has_id = uuid_parse(r->out->id, id.s, id.len);
    }
}

static int read_type(struct reader *r, const struct members *m)
{
    char quoted[EXCERPT_SIZE];
    struct span name;
    enum event_type type;

    if (!m->type)
        return err_say(r->err, ERR_MISSING_FIELD, "type", "the event has no type",
                       "事件缺少 type（类型）");
    if (node_at(r, m->type)->kind != SCAN_STRING)
        return err_say(r->err, ERR_UNKNOWN_TYPE, "type", "the type of an event must be a text",
                       "事件类型（type）必须是文本");
    name = node_span(r, m->type);
    type = catalogue_find_type(name.s, name.len);
    if (type != EV_NONE && (r->mode == EVENT_STORED || !catalogue_type(type)->daemon_only)) {
        r->out->type = type;
        return 0;
    }
    event_excerpt(quoted, name);
    if (type != EV_NONE)
        return err_say(r->err, ERR_UNKNOWN_TYPE, "type", "only the daemon itself records \"%s\"",
                       "“%s”只由守护进程自己记录", quoted);
    err_say(r->err, ERR_UNKNOWN_TYPE, "type", "there is no event type \"%s\"",
            "没有名为“%s”的事件类型", quoted);
    if (catalogue_nearest_type(name.s))
        err_hint(r->err, catalogue_nearest_type(name.s));
    return 1;
}

static int say_unknown_field(struct reader *r, const struct members *m)
{
    struct span name = node_span(r, m->unknown);
    const char *near = catalogue_nearest_field(r->out->type, name.s);
    char quoted[EXCERPT_SIZE];

    event_excerpt(quoted, name);
    err_say(r->err, ERR_UNKNOWN_FIELD, quoted, "an event of type %s has no field \"%s\"",
            "类型为 %s 的事件没有字段“%s”", catalogue_type(r->out->type)->name, quoted);
    if (near)
        err_hint(r->err, near);
    return 1;
}

static int say_missing(struct reader *r, const char *field)
{
    return err_say(r->err, ERR_MISSING_FIELD, field, "an event of type %s needs the field %s",
                   "类型为 %s 的事件必须有字段 %s", catalogue_type(r->out->type)->name, field);
}

static int check_required(struct reader *r, const struct members *m)
{
    const struct type_spec *type = catalogue_type(r->out->type);

    if (!m->id)
        return say_missing(r, "id");
    if (!m->at)
        return say_missing(r, "at");
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field_spec *f = &type->fields[i];
        /* what is personal may have been erased from the ledger */
        bool needed = (f->flags & FIELD_REQUIRED) &&
                      !(r->mode == EVENT_STORED && (f->flags & FIELD_PERSONAL));

        if (needed && !m->fields[f->id])
            return say_missing(r, field_name(f->id));
    }
    return 0;
}

static int read_extra(struct reader *r, size_t node)
{
    const struct scan_node *n = node_at(r, node);
    struct span given = node_span(r, node);

    if (n->kind != SCAN_OBJECT)
        return SAY_BAD(r, "extra", "extra must be an object of your own fields",
                       "extra 必须是由自定义字段组成的对象");
    if (n->flags & SCAN_BAD_TEXT)
        return SAY_BAD(r, "extra", "a text in extra has an escape that is no character (\\u0000, or half of a pair)",
                       "extra 中的文本含有不成字符的转义（\\u0000 或不成对的代理项）");
    if (n->flags & SCAN_BIG_NUMBER)
        return SAY_BAD(r, "extra", "a number in extra is too large: write it as a text",
                       "extra 中的数过大：请写成文本");
    r->out->extra = (struct span){arena_strndup(r->arena, given.s, given.len), given.len};
    return 0;
}

static int read_values(struct reader *r, const struct members *m)
{
    const struct type_spec *type = catalogue_type(r->out->type);

    if (event_uuid_read(r, "id", m->id, r->out->id) || event_at_read(r, m->at))
        return 1;
    if (m->replaces) {
        if (event_uuid_read(r, "replaces", m->replaces, r->out->replaces))
            return 1;
        r->out->has_replaces = true;
    }
    for (size_t i = 0; i < type->field_count; i++)
        if (m->fields[type->fields[i].id] &&
            event_value_read(r, &type->fields[i], m->fields[type->fields[i].id]))
            return 1;
    return m->extra ? read_extra(r, m->extra) : 0;
}

static bool any_field(const struct members *m, enum event_type type, size_t from)
{
    const struct type_spec *t = catalogue_type(type);

    for (size_t i = from; i < t->field_count; i++)
        if (m->fields[t->fields[i].id])
            return true;
    return false;
}

static int check_received(struct reader *r, const struct members *m)
{
    static const enum field_id needed[] = {F_MEMBER, F_NAME, F_STAGE, F_BRANCH};

    for (size_t i = 0; m->fields[F_FROM_NAME] && i < ARRAY_LEN(needed); i++)
        if (!m->fields[needed[i]])
            return err_say(r->err, ERR_MISSING_FIELD, field_name(needed[i]),
                           "a transfer from outside (from_name) needs the field %s",
                           "从账外转入（from_name）必须有字段 %s", field_name(needed[i]));
    return 0;
}

/* Fields of which one, or all, must be there, depending on others. */
static int check_together(struct reader *r, const struct members *m)
{
    enum event_type type = r->out->type;

    if (type == EV_TRANSFER_ISSUED && !m->fields[F_TO] && !m->fields[F_TO_NAME])
        return err_say(r->err, ERR_MISSING_FIELD, "to",
                       "a letter needs a receiver: to (a branch), or to_name (outside this ledger)",
                       "介绍信必须有接收方：to（本账内的支部）或 to_name（账外）");
    if ((type == EV_ALLIANCE_JOINED || type == EV_ALLIANCE_LEFT) && !m->fields[F_BRANCH] &&
        !m->fields[F_UNIT])
        return err_say(r->err, ERR_MISSING_FIELD, "branch", "one of branch and unit must be given",
                       "必须给出 branch 或 unit 之一");
    if (type == EV_TRANSFER_RECEIVED)
        return check_received(r, m);
    /* the first field of these types is what they change */
    if ((type == EV_UNIT_CHANGED || type == EV_BRANCH_CHANGED || type == EV_MEMBER_CHANGED) &&
        !any_field(m, type, 1))
        return err_say(r->err, ERR_MISSING_FIELD, NULL,
                       "the event changes nothing: give at least one field to change",
                       "该事件没有任何变更：请至少给出一个要变更的字段");
    return 0;
}

static int read_object(struct reader *r, struct members *m)
{
    find_common(r, m);
    take_id(r, m);
    if (read_type(r, m))
        return 1;
    find_fields(r, m);
    if (m->unknown)
        return say_unknown_field(r, m);
    if (check_required(r, m))
        return 1;
    if (r->mode == EVENT_SUBMITTED && check_together(r, m))
        return 1;
    if (read_values(r, m))
        return 1;
    /* What is in the ledger was checked on its way in, and a part of it may be erased. */
    return r->mode == EVENT_SUBMITTED ? event_check_contradictions(r) : 0;
}

static int too_large(struct reader *r, struct members *m, const char *json)
{
    /* Broken off in any case; it is about the id. */
    if (scan_read(&r->scan, r->arena, json, EVENT_MAX_BYTES, EVENT_DEPTH_MAX))
        find_common(r, m);
    take_id(r, m);
    return err_say(r->err, ERR_TOO_LARGE, NULL, "an event may have at most %d bytes",
                   "一个事件最多 %d 字节", EVENT_MAX_BYTES);
}

int event_read(struct event *out, struct arena *arena, const char *json, size_t len_bytes,
               enum event_mode mode, const struct kinds *kinds, struct err *err)
{
    struct reader r; /* its scan is large and needs no zeros */
    struct members m = {0};

    r.out = out;
    r.arena = arena;
    r.mode = mode;
    r.kinds = kinds;
    r.err = err;
    memset(out, 0, sizeof *out);
    out->tod_ns = -1;
    /* A row may be a little longer than what was sent, by what the daemon writes into it. */
    if (mode == EVENT_SUBMITTED && len_bytes > EVENT_MAX_BYTES)
        return too_large(&r, &m, json);
    out->raw = (struct span){arena_strndup(arena, json, len_bytes), len_bytes};
    if (scan_read(&r.scan, arena, out->raw.s, len_bytes, EVENT_DEPTH_MAX)) {
        find_common(&r, &m);
        take_id(&r, &m);
        return event_say_syntax(&r);
    }
    if (r.scan.nodes[0].kind != SCAN_OBJECT)
        return SAY_BAD(&r, NULL, "an event must be a JSON object", "事件必须是 JSON 对象");
    return read_object(&r, &m);
}

int event_rank(const struct event *event)
{
    enum { CREATES = -1, ENDS = 1 };
    static const signed char ranks[EV_COUNT] = {
        [EV_UNIT_REGISTERED] = CREATES,    [EV_BRANCH_FOUNDED] = CREATES,
        [EV_ALLIANCE_FORMED] = CREATES,    [EV_MEMBER_ADMITTED] = CREATES,
        [EV_TRANSFER_ISSUED] = CREATES,    [EV_OFFICE_TAKEN] = CREATES,
        [EV_EXEMPTION_GRANTED] = CREATES,  [EV_UNIT_CLOSED] = ENDS,
        [EV_BRANCH_DISSOLVED] = ENDS,      [EV_MEMBER_LEFT] = ENDS,
        [EV_TRANSFER_RECEIPTED] = ENDS,    [EV_TRANSFER_CANCELLED] = ENDS,
        [EV_OFFICE_LEFT] = ENDS,           [EV_EXEMPTION_ENDED] = ENDS,
    };

    if (event->type == EV_TRANSFER_RECEIVED && event_has(event, F_FROM_NAME))
        return 0;
    return 1 + ranks[event->type];
}
