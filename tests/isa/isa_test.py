#!/usr/bin/env python3
"""NORMLAB_ISA as a user sees it: isa_test.py PROGRAM

Every instruction set the program offers can be forced, is the one it reports, holds oneDNN to it and trains the same
network to the same losses; any other name ends with status 2 and the list of names.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from images import write_images

PROGRAM = ""
MODEL = "conv 5 3x3, norm, relu, flatten, linear 17, norm, relu, linear 3"
# Ten steps of float arithmetic summed in another order: losses of about 1 differ in the sixth digit.
TOLERANCE = 1e-4
# What oneDNN calls each of them, at the start of its own description.
ONEDNN_NAMES = {"sse4": "Intel SSE4.1", "avx2": "Intel AVX2", "avx512": "Intel AVX-512"}


def run(*arguments: str, isa: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False,
                          env={**os.environ, "NORMLAB_ISA": isa, **environment})


def offered() -> list[str]:
    return re.search(r"\(of ([^;]*);", run("version", isa="").stdout).group(1).split(", ")


class IsaTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        write_images(self.folder, "train", 300)
        write_images(self.folder, "t10k", 60)

    def train(self, isa: str, **environment: str) -> str:
        result = run("run", MODEL, "norm=batch", "seed=1", "batch=32", "steps=10", f"data={self.folder}", "--quiet", "--json",
                     "--runs", str(self.folder / isa), isa=isa, **environment)
        self.assertEqual(result.returncode, 0, f"NORMLAB_ISA={isa}: {result.stderr}")
        return result.stdout

    def loss(self, isa: str) -> float:
        return json.loads(self.train(isa))["arms"][0]["metrics"]["test_loss"]["mean"]

    def test_each_can_be_forced_and_is_reported(self):
        for isa in offered():
            result = run("version", isa=isa)
            self.assertIn(f"instruction set: {isa} ", result.stdout, result.stderr)

    def test_the_widest_is_the_default(self):
        self.assertIn(f"instruction set: {offered()[-1]} ", run("version", isa="").stdout)

    def test_each_trains_alike(self):
        first, *others = offered()
        expected = self.loss(first)
        for isa in others:
            difference = abs(self.loss(isa) - expected)
            self.assertTrue(difference <= TOLERANCE, f"NORMLAB_ISA={isa}: test loss differs by {difference} from {first}'s")

    def test_onednn_is_held_to_it(self):
        for isa in set(offered()) & set(ONEDNN_NAMES):
            output = self.train(isa, ONEDNN_VERBOSE="1")
            chosen = re.search(r"^onednn_verbose.*,cpu,isa:(.*)$", output, re.MULTILINE)
            self.assertIsNotNone(chosen, f"NORMLAB_ISA={isa}: oneDNN does not say what it uses:\n{output[:500]}")
            self.assertTrue(chosen.group(1).startswith(ONEDNN_NAMES[isa]), f"NORMLAB_ISA={isa}: oneDNN uses {chosen.group(1)}")

    def test_another_name_is_a_wrong_request(self):
        for name in ("avx3", "AVX2", "none"):
            result = run("version", isa=name)
            self.assertEqual((result.returncode, result.stdout), (2, ""), name)
            for isa in offered():
                self.assertIn(isa, result.stderr)


if __name__ == "__main__":
    PROGRAM = sys.argv.pop(1)
    unittest.main()
