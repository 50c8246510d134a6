e2e_test(keys)
e2e_test(rights TIMEOUT 600)
e2e_test(mixed)
e2e_test(mixed FULL TIMEOUT 600 ENVIRONMENT MUSTER_MIXED_S=120)
