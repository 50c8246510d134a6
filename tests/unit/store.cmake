unit_test(postings USES muster_store)
unit_test(touches USES muster_store)
