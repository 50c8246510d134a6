/* What an admitted request may do, as far as that is less than everything. */
#ifndef MUSTER_SERVICE_LIMITS_H
#define MUSTER_SERVICE_LIMITS_H

#include "access/grant.h"
#include "net/net.h"

/* The grant for what is done in the request's name. NULL: everything. */
static inline struct grant *request_limits(const struct request *request)
{
    struct grant *grant = request->grant;

    return grant && (grant->role != KEY_ROLE_ADMIN || grant->gone) ? grant : NULL;
}

#endif
