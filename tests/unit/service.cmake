set(service ${PROJECT_SOURCE_DIR}/daemon/service)
unit_test(users USES muster_net)
unit_test(job_queue SOURCES ${service}/job_queue.c USES muster_net Threads::Threads)
unit_test(evaluation SOURCES ${service}/evaluation.c USES muster_wire)
unit_test(batch SOURCES ${service}/batch.c ${service}/arrival.c ${CMAKE_SOURCE_DIR}/daemon/ledger/submitted.c ${CMAKE_SOURCE_DIR}/daemon/ledger/chain.c ${service}/answer.c ${service}/counters.c
          USES muster_access muster_net PkgConfig::JANSSON)
unit_test(lock SOURCES ${service}/lock.c USES muster_base)
unit_test(background SOURCES ${service}/background.c USES muster_base Threads::Threads)
unit_test(teller SOURCES ${service}/teller.c ${service}/background.c ${PROJECT_SOURCE_DIR}/daemon/channels/message.c
          USES muster_pack Threads::Threads PkgConfig::JANSSON)
