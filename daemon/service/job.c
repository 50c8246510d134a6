#include "service/job.h"

#include "access/grant.h"

struct job *job_new(struct request *request, struct policy *policy)
{
    struct job *job = mem_zero(sizeof *job);

    request_move(&job->request, request);
    grant_ref(job->request.grant);
    job->policy = policy_ref(policy);
    job->size_bytes = sizeof *job + zmq_msg_size(&job->request.body);
    return job;
}

void job_free(struct job *job)
{
    if (!job)
        return;
    grant_unref(job->request.grant);
    request_deinit(&job->request);
    policy_unref(job->policy);
    buf_deinit(&job->reply);
    free(job->status);
    free(job);
}
