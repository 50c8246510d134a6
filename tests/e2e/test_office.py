"""The report's forms in the programs that people open them with: LibreOffice and Chromium, where they are installed."""

import os
import shutil
import subprocess
import tempfile
import unittest

from test_reports import Command

OFFICE_S = 180  # a first start writes a whole profile


class Office(Command, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.start()

    @classmethod
    def tearDownClass(cls):
        cls.stop()

    def check_pdf(self, path):
        data = path.read_bytes()
        self.assertTrue(data.startswith(b"%PDF-"), path)
        self.assertGreater(len(data), 5000, path)

    @unittest.skipUnless(shutil.which("soffice"), "LibreOffice is not installed: .docx and .xlsx are not opened")
    def test_libreoffice(self):
        for name in ("office.docx", "office.xlsx"):
            path = self.report(name, "--lang", "zh")
            with tempfile.TemporaryDirectory() as profile:
                done = subprocess.run(
                    ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "pdf:" + (
                        "writer" if name.endswith("docx") else "calc") + "_pdf_Export", "--outdir", self.daemon.folder, path],
                    capture_output=True, text=True, timeout=OFFICE_S, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("repair", (done.stdout + done.stderr).lower())
            self.check_pdf(path.with_suffix(".pdf"))

    @unittest.skipUnless(shutil.which("chromium"), "Chromium is not installed: the HTML is not printed")
    def test_chromium(self):
        path = self.report("page.html")
        pdf = path.with_suffix(".pdf")
        with tempfile.TemporaryDirectory() as profile:
            done = subprocess.run(
                ["chromium", "--headless", "--disable-gpu", f"--user-data-dir={profile}", f"--print-to-pdf={pdf}",
                 *(["--no-sandbox"] if os.getuid() == 0 else []), path.as_uri()],
                capture_output=True, text=True, timeout=OFFICE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.check_pdf(pdf)


if __name__ == "__main__":
    unittest.main()
