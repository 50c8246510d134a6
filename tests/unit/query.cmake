foreach(part requests recent registers scope)
  unit_test(query_${part} SOURCES query_stage.c USES muster_query)
endforeach()
unit_test(query_plans USES muster_store)
