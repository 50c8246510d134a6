unit_test(verify USES muster_proof)
