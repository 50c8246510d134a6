e2e_test(client_faults)
e2e_test(command)
