unit_test(query_alerts SOURCES query_stage.c USES muster_query)
unit_test(query_explain SOURCES query_stage.c USES muster_query)
