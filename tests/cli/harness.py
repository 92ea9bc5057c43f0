"""What the tests of the command line have in common: a folder of their own, a small data set in it, and the program.

Each test file is run by ctest with NORMLAB naming the program; by hand:
    NORMLAB=build/release/normlab python3 tests/cli/run_test.py
"""

import os
import pathlib
import random
import subprocess
import tempfile
import unittest

PROGRAM = str(pathlib.Path(os.environ["NORMLAB"]).resolve())
MODEL = "flatten, linear 16, norm, relu, linear 3"
SIDE = 6
CLASSES = 3


def write_idx(path, kind, sizes, values):
    header = bytes([0, 0, 8, kind]) + b"".join(size.to_bytes(4, "big") for size in sizes)
    path.write_bytes(header + bytes(values))


def write_images(folder, prefix, count, rng):
    """Noise with a bright row whose place is the label: easy to learn, but not in one step."""
    pixels, labels = bytearray(), bytearray()
    for _ in range(count):
        label = rng.randrange(CLASSES)
        image = [[rng.randrange(160) for _ in range(SIDE)] for _ in range(SIDE)]
        image[2 * label] = [rng.randrange(80, 240) for _ in range(SIDE)]
        pixels += bytes(value for row in image for value in row)
        labels.append(label)
    write_idx(folder / f"{prefix}-images-idx3-ubyte", 3, [count, SIDE, SIDE], pixels)
    write_idx(folder / f"{prefix}-labels-idx1-ubyte", 1, [count], labels)


def make_data(folder):
    folder.mkdir()
    rng = random.Random(1)
    write_images(folder, "train", 400, rng)
    write_images(folder, "t10k", 100, rng)
    return folder


class CommandLineTest(unittest.TestCase):
    """Every test runs in an empty folder; the data set lies in another."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.shared = tempfile.TemporaryDirectory(prefix="normlab-cli-")
        cls.data = make_data(pathlib.Path(cls.shared.name) / "rows")

    @classmethod
    def tearDownClass(cls):
        cls.shared.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="normlab-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def environment(self, **changes):
        kept = {name: value for name, value in os.environ.items() if not name.startswith("NORMLAB")}
        return {**kept, "NORMLAB_DATA": self.shared.name, "XDG_CACHE_HOME": str(self.folder / "cache"), **changes}

    def normlab(self, *arguments, environment=None, **options):
        """Runs the program to its end."""
        return subprocess.run([PROGRAM, *arguments], cwd=self.folder, env=self.environment(**(environment or {})),
                              capture_output="stdout" not in options, text=True, timeout=120, **options)

    def run_small(self, *arguments, **options):
        """`normlab run` of the small model on the small data."""
        return self.normlab("run", MODEL, "--data", "rows", *arguments, **options)

    def start_small(self, *arguments, **options):
        """The same, but returns while it runs."""
        return subprocess.Popen([PROGRAM, "run", MODEL, "--data", "rows", *arguments], cwd=self.folder,
                                env=self.environment(), text=True, **options)

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())

    def checkpoints(self):
        return [file for file in self.files() if file.startswith("runs/checkpoints/")]

    def assert_status(self, result, status):
        self.assertEqual(result.returncode, status, f"{result.args}\nstdout: {result.stdout}\nstderr: {result.stderr}")
