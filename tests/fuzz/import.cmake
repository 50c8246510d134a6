fuzz_target(import USES muster_client_import PkgConfig::JANSSON)
# A whole import each time: fewer of them in the tests.
set_tests_properties(fuzz/import PROPERTIES ENVIRONMENT MUSTER_MUTATIONS=1500)
