#!/usr/bin/env python3
"""In which language the command speaks, whatever the machine has: no Chinese locale need be there."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import harness

CHINESE = re.compile("[\u4e00-\u9fff]")


class Language(unittest.TestCase):
    def said(self, *words, program=None, **environment):
        """What the command prints on both streams, in that environment and no other."""
        done = subprocess.run([program or harness.binary("muster"), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env={"HOME": "/nonexistent", "PATH": os.environ["PATH"], **environment})
        return done.stdout.decode()

    def speaks_chinese(self, *words, **environment):
        text = self.said(*words, **environment)
        self.assertTrue(text)
        return bool(CHINESE.search(text))

    def test_environment(self):
        for chinese, environment in (
            (False, {}),
            (True, {"LANG": "zh_CN.UTF-8"}),          # not generated here
            (True, {"LANG": "zh_CN"}),
            (True, {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}),
            (False, {"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}),
            (True, {"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}),
            (True, {"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}),
            (True, {"LANG": "en_US.UTF-8", "LANGUAGE": "de:zh_CN:en"}),
            (False, {"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}),
            (True, {"LANG": "zh_CN.UTF-8", "LANGUAGE": "de"}),
            (True, {"LANGUAGE": "zh"}),
            (False, {"LC_ALL": "C", "LANGUAGE": "zh_CN"}),
            (False, {"LANG": "POSIX", "LANGUAGE": "zh_CN"}),
            (False, {"LC_ALL": "", "LANG": "", "LANGUAGE": ""}),
        ):
            with self.subTest(environment):
                self.assertEqual(self.speaks_chinese("--help", **environment), chinese)

    def test_option_wins(self):
        for words in (("--lang", "zh", "--help"), ("recent", "--help", "--lang", "zh_CN")):
            for environment in ({}, {"LC_ALL": "C"}, {"LANG": "en_US.UTF-8", "LANGUAGE": "en"}):
                self.assertTrue(self.speaks_chinese(*words, **environment), environment)
        self.assertFalse(self.speaks_chinese("recent", "--help", "--lang", "en", LANG="zh_CN.UTF-8", LANGUAGE="zh_CN"))

    def test_texts_of_tables_and_sentences(self):
        """Both kinds are translated, in the help and on the error stream."""
        text = self.said("meeting", "--help", "--lang", "zh")
        for part in ("用法：", "到会党员", "登记会议"):
            self.assertIn(part, text)
        self.assertIn("没有动词“recnet”", self.said("--lang", "zh", "recnet"))
        self.assertIn("muster: no verb \"recnet\"", self.said("recnet", LANG="C.UTF-8"))

    def test_contexts_are_not_shown(self):
        for lang in ("en", "zh"):
            for verb in (("--help",), ("key", "roles"), ("member", "admit", "--help")):
                self.assertNotIn("\x04", self.said(*verb, "--lang", lang))

    def test_moved(self):
        """The program and its catalogue may stand together anywhere; without one it speaks English, in any locale."""
        catalogue = pathlib.Path(harness.binary("muster")).parent.parent / "share/locale"
        with tempfile.TemporaryDirectory() as folder:
            program = pathlib.Path(folder) / "bin/muster"
            program.parent.mkdir()
            shutil.copy(harness.binary("muster"), program)
            self.assertFalse(CHINESE.search(self.said("recent", "--help", program=program, LANG="zh_CN.UTF-8",
                                                      TEXTDOMAINDIR="/nonexistent")))
            shutil.copytree(catalogue, pathlib.Path(folder) / "share/locale")
            self.assertTrue(CHINESE.search(self.said("recent", "--help", program=program, LANG="zh_CN.UTF-8")))


if __name__ == "__main__":
    unittest.main()
