# Starting many programs is slow under sanitizers; what they read is covered there by the unit tests and the fuzz target.
set(few)
if(MUSTER_SANITIZE)
  set(few MUSTER_FEW=1)
endif()
e2e_test(import TIMEOUT 600 ENVIRONMENT ${few})
e2e_test(import FULL TIMEOUT 1200 ENVIRONMENT MUSTER_FULL=1)
# Public test sets, fetched by npm; says so where there is none.
e2e_test(import_sets FULL TIMEOUT 1200)
