set(service ${PROJECT_SOURCE_DIR}/daemon/service)
unit_test(users USES muster_net)
unit_test(job_queue SOURCES ${service}/job_queue.c USES muster_net Threads::Threads)
unit_test(evaluation SOURCES ${service}/evaluation.c USES muster_wire)
unit_test(batch SOURCES ${service}/batch.c ${service}/answer.c ${service}/counters.c
          USES muster_access muster_net PkgConfig::JANSSON)
unit_test(lock SOURCES ${service}/lock.c USES muster_base)
