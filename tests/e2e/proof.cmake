# The chain verified, exported, imported, backed up, redacted.
e2e_test(proof)
e2e_test(proof FULL TIMEOUT 3600 ENVIRONMENT MUSTER_FULL=1)
e2e_test(copies)
e2e_test(copies FULL TIMEOUT 3600 ENVIRONMENT MUSTER_FULL=1)
e2e_test(redact)
e2e_test(reads)
