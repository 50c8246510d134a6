e2e_test(daemon)
e2e_test(hostile)
e2e_test(kill)
