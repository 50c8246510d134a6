e2e_test(client_faults)
e2e_test(command)
e2e_test(outbox)
e2e_test(outbox FULL TIMEOUT 1200 ENVIRONMENT MUSTER_FIGHT_S=300)
