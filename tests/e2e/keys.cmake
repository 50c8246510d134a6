e2e_test(keys)
e2e_test(rights TIMEOUT 600)
