fuzz_target(pack USES muster_pack)
fuzz_target(settings USES muster_settings)
set_tests_properties(fuzz/settings PROPERTIES
  ENVIRONMENT "MUSTER_RULES=${CMAKE_CURRENT_SOURCE_DIR}/corpus/pack/state.cfg")
