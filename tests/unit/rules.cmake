foreach(part common cadence silence next explain)
  unit_test(rules_${part} SOURCES rules_stage.c USES muster_rules)
endforeach()
