fuzz_target(keyfile USES muster_base)
