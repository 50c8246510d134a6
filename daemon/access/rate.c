#include "access/rate.h"

bool grant_take(struct grant *grant, int64_t per_second, int64_t now_ms)
{
    double most = 2.0 * (double)per_second;

    if (per_second == 0)
        return true;
    if (grant->tokens_ms == 0)
        grant->tokens = most;
    else
        grant->tokens += (double)(now_ms - grant->tokens_ms) * (double)per_second / 1000;
    grant->tokens_ms = now_ms;
    if (grant->tokens > most)
        grant->tokens = most;
    if (grant->tokens < 1)
        return false;
    grant->tokens -= 1;
    return true;
}
