#!/usr/bin/env python3
"""What is added by one file and a line in a list must need no place more: counts in which sources the name of one such thing
stands, outside of tests, documents and presets (CONTRIBUTING.md, "How to add")."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ("normlab/**/*.h", "normlab/**/*.cc", "normlab/**/CMakeLists.txt", "cmake/**/*.cmake", "web/src/**/*.ts")
# Kernels and their timing are added for themselves; the oracle of all layers' tests is a test; foreign_layers.cc has the
# words of other programs.
ELSEWHERE = re.compile(r"_test\.(h|cc|ts)$|/kernels/|/bench/|/reference_network\.cc$|/foreign_layers\.cc$")


def places(name):
    """In how many lines of which files the pattern is found."""
    counts = {}
    for path in sorted({path for glob in SOURCES for path in ROOT.glob(glob)}):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if re.search(name, line)]
        if lines and not ELSEWHERE.search(path.as_posix()):
            counts[path.relative_to(ROOT).as_posix()] = len(lines)
    return counts


class Places(unittest.TestCase):
    def check(self, name, own, lists):
        """`own`: the files that are about it; `lists`: the others, and in how many lines each may name it."""
        found = places(name)
        self.assertEqual({path for path in found if path in own}, own, f"where is '{name}'?")
        self.assertEqual({path: count for path, count in found.items() if path not in own}, lists,
                         f"'{name}' is named in other places than CONTRIBUTING.md says")

    def test_a_layer_is_its_files_and_a_line_in_the_table_of_layers(self):
        self.check(r"\b(avgpool|k?AvgPool)", {"normlab/nn/avgpool.h", "normlab/nn/avgpool.cc"},
                   {"normlab/nn/CMakeLists.txt": 1, "normlab/nn/registry.cc": 2})  # its #include, its line

    def test_a_metric_is_one_file_and_a_name_in_the_list_of_metrics(self):
        self.check("best_epoch", {"normlab/lab/metrics/best_epoch.cc"},
                   {"normlab/lab/CMakeLists.txt": 1, "normlab/lab/metric_registry.cc": 2})  # declared, listed

    def test_a_quantity_that_is_evaluated_is_one_file_and_a_name_in_the_list_of_quantities(self):
        # By the name of its description: accuracy itself has readers of its own, among them patience and chance.
        self.check(r"quantities/accuracy\b|k?AccuracyQuantity", {"normlab/train/quantities/accuracy.cc"},
                   {"normlab/train/CMakeLists.txt": 1, "normlab/train/quantity.cc": 2})  # declared, listed

    def test_a_quantity_of_a_probe_is_one_file_and_a_name_in_the_list_of_pictures(self):
        self.check(r"\bdead\b|dead_units|k?DeadUnits", {"normlab/train/probe_quantities/dead_units.cc"},
                   {"normlab/train/CMakeLists.txt": 1, "normlab/train/probe_quantity.cc": 2})  # declared, listed

    def test_a_setting_is_a_field_and_a_row_in_the_file_of_its_group(self):
        self.check("adam_eps", {"normlab/optim/optimizer.cc"},  # what acts by it
                   {"normlab/optim/options.h": 1, "normlab/lab/settings/optimizer.cc": 1})  # its field, its row


if __name__ == "__main__":
    unittest.main()
