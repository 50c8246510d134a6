unit_test(frames USES muster_net)
unit_test(endpoint USES muster_net)
unit_test(peers USES muster_net)
