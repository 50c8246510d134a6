unit_test(forms USES muster_channels)
