# A ledger under every input: fewer of them by chance.
fuzz_target(query SOURCES ${PROJECT_SOURCE_DIR}/tests/unit/query_stage.c USES muster_query PkgConfig::CMOCKA)
set_tests_properties(fuzz/query PROPERTIES ENVIRONMENT MUSTER_MUTATIONS=5000)
