unit_test(alerts USES muster_alerts)
