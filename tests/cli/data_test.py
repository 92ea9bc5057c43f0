"""Data as people have it: one set in several formats, sets of another name, files that are not read."""

import json
import struct
import unittest
import zipfile

from harness import MODEL, CommandLineTest, write_idx


def read_idx(path):
    content = path.read_bytes()
    rank = content[3]
    sizes = struct.unpack(f">{rank}I", content[4:4 + 4 * rank])
    return sizes, content[4 + 4 * rank:]


def npy(sizes, values):
    shape = "(" + ", ".join(str(size) for size in sizes) + ("," if len(sizes) == 1 else "") + ")"
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + values


class DataTest(CommandLineTest):
    def dry_run(self, data):
        result = self.normlab("run", MODEL, "--data", str(data), "seed=1", "--dry-run")
        self.assert_status(result, 0)
        return [line for line in result.stdout.splitlines() if line.startswith("  trial")]

    def assert_refused(self, arguments, *expected):
        result = self.normlab(*arguments)
        self.assert_status(result, 2)
        for text in expected:
            self.assertIn(text, result.stderr)

    def parts(self):
        for part, idx in (("train", "train"), ("test", "t10k")):
            yield part, read_idx(self.data / f"{idx}-images-idx3-ubyte"), read_idx(self.data / f"{idx}-labels-idx1-ubyte")

    def test_one_content_has_one_trial_id_in_every_format(self):
        expected = self.dry_run("rows")
        with zipfile.ZipFile(self.folder / "own.npz", "w", zipfile.ZIP_DEFLATED) as archive:
            for part, images, labels in self.parts():
                archive.writestr(f"x_{part}.npy", npy(*images))
                archive.writestr(f"y_{part}.npy", npy(*labels))
        self.assertEqual(self.dry_run("own.npz"), expected)
        for part, (sizes, pixels), (_, labels) in self.parts():
            size = sizes[1] * sizes[2]
            rows = [",".join(map(str, (labels[i], *pixels[i * size:(i + 1) * size]))) for i in range(sizes[0])]
            (self.folder / f"own_{part}.csv").write_text("\n".join(rows))
        self.assertEqual(self.dry_run("own_train.csv"), expected)

    def test_a_link_is_named_as_it_was_written(self):
        (self.folder / "blobs").symlink_to(self.data.parent)
        (self.folder / "mine").symlink_to("blobs/rows")
        info = self.normlab("data", "info", "mine")
        self.assertEqual(info.stdout.splitlines()[:2], ["mine", "  found    IDX files, in mine"])
        self.assertEqual(self.dry_run("mine"), self.dry_run("rows"))

    def test_data_under_a_wrong_name_is_told_of_and_shown(self):
        (self.folder / "mnist").symlink_to(self.data)
        ten_classes = "flatten, linear 16, norm, relu, linear 10"  # as many as a set of that name has
        result = self.normlab("run", ten_classes, "--data", "./mnist", "seed=1", "steps=1", "--json", "--quiet")
        self.assertIn("normlab: warning: ./mnist is not mnist as it was published", result.stderr)
        self.assertEqual(json.loads(result.stdout)["study"]["data"]["name"], "mnist (not as published)")
        for command in (["data", "info", "./mnist"], ["model", MODEL, "--data", "./mnist"]):
            self.assertIn("is not mnist as it was published", self.normlab(*command).stderr)

    def test_a_folder_of_other_things_hides_no_data(self):
        (self.folder / "rows").mkdir()
        (self.folder / "rows" / "notes.txt").write_text("not data")
        self.assertEqual(len(self.dry_run("rows")), 2)

    def test_three_hundred_classes_are_learnt(self):
        folder = self.folder / "many"
        folder.mkdir()
        for part, count in (("train", 600), ("t10k", 300)):
            pixels = bytes((i % 300 >> bit & 1) * 255 for i in range(count) for bit in range(9))
            write_idx(folder / f"{part}-images-idx3-ubyte", 3, [count, 3, 3], pixels)
            labels = b"".join((i % 300).to_bytes(2, "big") for i in range(count))
            (folder / f"{part}-labels-idx1-short").write_bytes(bytes([0, 0, 0x0b, 1]) + count.to_bytes(4, "big") + labels)
        result = self.normlab("run", "flatten, linear 128, norm, relu, linear 300", "--data", "many", "norm=batch", "seed=1",
                              "epochs=60", "lr=0.02", "batch=60", "validation=test", "--json", "--quiet")
        self.assert_status(result, 0)
        accuracy = json.loads(result.stdout)["trials"][0]["test_accuracy"]
        self.assertGreater(accuracy, 0.9)  # a byte would leave no more than 256 classes right

    def test_what_is_not_read_has_a_way_on(self):
        for name, content, *expected in (
                ("a.parquet", b"PAR1", "a.parquet is a Parquet file", "numpy.savez_compressed"),
                ("a.h5", b"\x89HDF\r\n\x1a\n", "a.h5 is an HDF5 file", "numpy.savez_compressed"),
                ("a.mat", b"MATLAB 5.0 MAT-file", "a.mat is a MATLAB file", "numpy.savez_compressed"),
                ("mnist.pkl", b"\x80\x04", "mnist.pkl is a Python pickle", "does not run"),
                ("one.csv", b"1,2,3\n", "one.csv is a text file", "X_train.csv beside X_test.csv"),
                ("cut.npz", b"PK\x03\x04", "cut.npz: damaged or cut short")):
            (self.folder / name).write_bytes(content)
            with self.subTest(name):
                self.assert_refused(["run", MODEL, "--data", name], *expected)
                (self.folder / name).unlink()
        self.assert_refused(["run", MODEL, "--data", "https://example.org/mnist.tar.gz"], "is a URL", "download it first")


if __name__ == "__main__":
    unittest.main()
