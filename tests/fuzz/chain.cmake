fuzz_target(export USES muster_chain)
