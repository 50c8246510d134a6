unit_test(figures SOURCES query_stage.c USES muster_query)
unit_test(peek USES muster_report)
