unit_test(settings USES muster_settings)
