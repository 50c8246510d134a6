e2e_test(client_faults)
