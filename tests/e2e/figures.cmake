e2e_test(figures)
