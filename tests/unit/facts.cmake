unit_test(facts USES muster_facts)
