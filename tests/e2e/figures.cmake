e2e_test(figures)
e2e_test(reports)
# In LibreOffice and in Chromium, where they are installed; says so where they are not.
e2e_test(office FULL TIMEOUT 600)
