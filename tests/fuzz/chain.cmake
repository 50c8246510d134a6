fuzz_target(export USES muster_chain)
fuzz_target(head USES muster_chain)
