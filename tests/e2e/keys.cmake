e2e_test(keys)
