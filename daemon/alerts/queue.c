#include "alerts/queue.h"

#include "base/buf.h"

void queue_add(struct queue *queue, int64_t key)
{
    if (key == 0 || keymap_get(&queue->waiting, key))
        return;
    ARRAY_GROW(queue->keys, queue->end, queue->cap);
    queue->keys[queue->end++] = key;
    keymap_set(&queue->waiting, key, 1);
}

bool queue_take(int64_t *key_out, struct queue *queue)
{
    if (queue->head == queue->end)
        return false;
    *key_out = queue->keys[queue->head++];
    keymap_set(&queue->waiting, *key_out, 0);
    if (queue->head == queue->end)
        queue->head = queue->end = 0;
    return true;
}

void queue_clear(struct queue *queue)
{
    free(queue->keys);
    keymap_deinit(&queue->waiting);
    *queue = (struct queue){0};
}
