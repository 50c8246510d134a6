unit_test(roles USES muster_wire)
unit_test(keyfile USES muster_base)
unit_test(access USES muster_access muster_ledger)
unit_test(door USES muster_net)
