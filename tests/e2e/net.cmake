e2e_test(hostile)
