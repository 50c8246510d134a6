# The whole of it, end to end: the sample districts, the calendar, kills, other rules while it runs, the chain, the READMEs.
e2e_test(sample)
e2e_test(sample FULL TIMEOUT 1800 ENVIRONMENT MUSTER_FULL=1)
e2e_test(calendar)
e2e_test(calendar FULL TIMEOUT 7200 ENVIRONMENT MUSTER_FULL=1)
e2e_test(kill FULL TIMEOUT 3600 ENVIRONMENT MUSTER_KILLS=50)
e2e_test(sighup)
e2e_test(chain)
e2e_test(readme)
