fuzz_target(template USES muster_client_report)
fuzz_target(peek USES muster_report)
