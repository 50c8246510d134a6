/* Subjects waiting to be evaluated: each at most once, in the order in which they came.
 *
 * Bounded by the number of subjects, and in practice by what one slice takes: rows are only taken
 * while the queue is short (alerts.c), and one row reaches no more than a branch's members and units.
 */
#ifndef MUSTER_ALERTS_QUEUE_H
#define MUSTER_ALERTS_QUEUE_H

#include "facts/keymap.h"

struct queue {
    int64_t *keys;
    size_t head, end, cap;
    struct keymap waiting;
};

void queue_add(struct queue *queue, int64_t key);
/* False when it is empty. */
bool queue_take(int64_t *key_out, struct queue *queue);
static inline size_t queue_length(const struct queue *queue)
{
    return queue->end - queue->head;
}
static inline bool queue_has(const struct queue *queue, int64_t key)
{
    return keymap_get(&queue->waiting, key) != 0;
}
void queue_clear(struct queue *queue);

#endif
