fuzz_target(frames USES muster_net)
