fuzz_target(event USES muster_wire PkgConfig::JANSSON)
fuzz_target(submit USES muster_wire PkgConfig::JANSSON)

add_executable(event_verdict event_verdict.c)
target_link_libraries(event_verdict PRIVATE muster_wire)
add_test(NAME fuzz/event_oracle
  COMMAND Python3::Interpreter ${CMAKE_CURRENT_SOURCE_DIR}/event_oracle.py $<TARGET_FILE:event_verdict> ${ORACLE_DIR})
set_tests_properties(fuzz/event_oracle PROPERTIES LABELS fuzz TIMEOUT 120)
