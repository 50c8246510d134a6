unit_test(forms USES muster_channels)
unit_test(mail_words USES muster_channels)
unit_test(sign USES muster_channels)
