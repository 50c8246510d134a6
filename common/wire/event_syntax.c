/* What is wrong with an event that is no JSON, for people. */
#include "wire/event_parts.h"

int event_say_syntax(struct reader *r)
{
    const struct scan *s = &r->scan;
    size_t byte = s->error_at + 1;

    switch (s->error) {
    case SCAN_FINE:
        break;
    case SCAN_ENDS_EARLY:
        return SAY_BAD(r, NULL, "the event is not valid JSON: it ends too early (after %zu bytes)",
                       "事件不是有效的 JSON：内容不完整（共 %zu 字节）", s->error_at);
    case SCAN_CONTROL:
        return SAY_BAD(r, NULL, "the event is not valid JSON: a control character in a text must be escaped (byte %zu)",
                       "事件不是有效的 JSON：文本中的控制字符必须转义（第 %zu 字节）", byte);
    case SCAN_UTF8:
        return SAY_BAD(r, NULL, "the event is not valid UTF-8 (byte %zu)",
                       "事件不是有效的 UTF-8（第 %zu 字节）", byte);
    case SCAN_ESCAPE:
        return SAY_BAD(r, NULL, "the event is not valid JSON: unknown escape in a text (byte %zu)",
                       "事件不是有效的 JSON：文本中的转义无效（第 %zu 字节）", byte);
    case SCAN_DUPLICATE:
        return SAY_BAD(r, NULL, "an object in the event has the same key twice (before byte %zu)",
                       "事件中有对象含重复的键（第 %zu 字节之前）", byte);
    case SCAN_TOO_DEEP:
        return SAY_BAD(r, NULL, "the event is nested deeper than %d levels", "事件的嵌套超过 %d 层",
                       EVENT_DEPTH_MAX);
    case SCAN_TRAILING:
        return SAY_BAD(r, NULL, "the event is not valid JSON: something stands behind its end (byte %zu)",
                       "事件不是有效的 JSON：末尾之后还有内容（第 %zu 字节）", byte);
    case SCAN_SYNTAX:
        break;
    }
    return SAY_BAD(r, NULL, "the event is not valid JSON: unexpected character (byte %zu)",
                   "事件不是有效的 JSON：意外的字符（第 %zu 字节）", byte);
}
