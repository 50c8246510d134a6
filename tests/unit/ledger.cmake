unit_test(ledger USES muster_ledger)
