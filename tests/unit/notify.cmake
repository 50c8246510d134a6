unit_test(notify USES muster_notify)
