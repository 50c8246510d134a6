fuzz_target(typed USES muster_cli muster_query)
