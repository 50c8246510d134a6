unit_test(figures SOURCES query_stage.c USES muster_query)
