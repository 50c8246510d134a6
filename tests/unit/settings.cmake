unit_test(settings USES muster_settings)
unit_test(channels_settings USES muster_settings)
unit_test(people USES muster_settings)
