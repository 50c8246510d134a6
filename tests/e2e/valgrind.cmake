find_program(VALGRIND valgrind)
if(VALGRIND AND NOT MUSTER_SANITIZE)
  e2e_test(valgrind LABELS valgrind)
endif()
