unit_test(report SOURCES report_stage.c USES muster_client_report)
unit_test(needs USES muster_client_report)
unit_test(rating USES muster_client_report m)
