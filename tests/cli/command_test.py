"""Commands that the program prints are typed again by a shell, and give the same study."""

import contextlib
import json
import re
import signal
import sqlite3
import subprocess
import time
import unittest

from harness import MODEL, PROGRAM, CommandLineTest, make_data
from report_document import blocks, read_document


class PrintedCommands(CommandLineTest):
    def setUp(self):
        super().setUp()
        make_data(self.folder / "it's $HOME; \"data\"")
        self.odd_data = "./it's $HOME; \"data\""
        self.model = self.folder / "it's a net.toml"
        self.model.write_text(f'name = "odd"\nlayers = {json.dumps(MODEL.split(", "))}\n')
        (self.folder / "bin").mkdir()
        (self.folder / "bin/normlab").symlink_to(PROGRAM)

    def shell(self, command):
        """What a person would do who copies the line into a terminal."""
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        return subprocess.run(["sh", "-c", command], cwd=self.folder, env=self.environment(PATH=path), text=True,
                              capture_output=True, timeout=120)

    def studies(self, runs):
        return json.loads(self.normlab("list", "--json", "--runs", runs).stdout)["studies"]

    def run_odd(self, *more):
        return self.normlab("run", "it's a net.toml", "--data", self.odd_data, "seed=1..2", "epochs=1", "lr=log(1e-3,1e-2,2)",
                            "--threshold", "0.5", "--runs", "my runs", *more)

    def printed(self, text):
        commands = re.findall(r"normlab run .*", text)
        self.assertTrue(commands, text)
        return commands[-1].strip()

    def test_show_report_and_page_print_what_gives_the_same_study(self):
        self.assert_status(self.run_odd(), 0)
        (study,) = self.studies("my runs")
        shown = self.normlab("show", study["id"], "--runs", "my runs").stdout
        self.assert_status(self.normlab("report", study["id"], "--runs", "my runs", "-o", "table.md"), 0)
        commands = {"show": self.printed(shown), "markdown": self.printed((self.folder / "table.md").read_text("utf-8"))}
        for page in (self.folder / "my runs").glob("*/report.html"):  # none without NORMLAB_WEB
            (block,) = blocks(read_document(page), "command")
            commands["page"] = self.printed(block["text"])
        for place, command in commands.items():
            with self.subTest(place):
                self.assertIn("--threshold 0.5", command)
                result = self.shell(command + " --json --quiet")
                self.assert_status(result, 0)
                again = json.loads(result.stdout)
                self.assertEqual(again["study"]["id"], study["id"])
                (stored,) = self.studies("my runs" if place == "show" else "runs")
                self.assertEqual(stored["id"], study["id"])
        self.assertIn("steps to 50 % accuracy", self.normlab("report", study["id"]).stdout)

    def test_rerunning_without_a_threshold_keeps_the_stored_one_and_says_so(self):
        first = self.run_small("seed=1..2", "epochs=1", "--threshold", "0.5")
        self.assertIn("steps to 50 % accuracy", first.stdout)
        again = self.run_small("seed=1..2", "epochs=1")
        self.assert_status(again, 0)
        self.assertIn("steps to accuracy wait for 0.5, as when this study was run before", again.stderr)
        self.assertIn("steps to 50 % accuracy", again.stdout)
        (study,) = self.studies("runs")
        self.assertIn("--threshold 0.5", self.normlab("show", study["id"]).stdout)
        changed = self.run_small("seed=1..2", "epochs=1", "--threshold", "0.9")
        self.assertNotIn("as when this study was run before", changed.stderr)
        self.assertIn("steps to 90 % accuracy", changed.stdout)

    def test_the_hint_after_an_interruption_goes_on(self):
        for force in ([], ["--force"]):
            with self.subTest(force):
                runs = f"interrupted {len(force)}"
                process = subprocess.Popen(
                    [PROGRAM, "run", "it's a net.toml", "--data", self.odd_data, "seed=1..40", "epochs=40", "--jobs", "1",
                     "--runs", runs, "--threshold", "0.25", *force],
                    cwd=self.folder, env=self.environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                while "epoch 40/40" not in process.stderr.readline():
                    time.sleep(0.001)
                process.send_signal(signal.SIGINT)
                _, error = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130, error)
                self.assertIn("interrupted: ", error)
                self.assertEqual("without --force" in error, bool(force))
                command = self.printed(error)
                (study,) = self.studies(runs)
                result = self.shell(command + " --no-report")
                self.assert_status(result, 0)
                self.assertIn("taken from the store", result.stderr)
                (whole,) = self.studies(runs)
                self.assertEqual((whole["id"], whole["done"]), (study["id"], 80))

    def test_the_report_of_an_unfinished_study_says_how_to_go_on(self):
        self.assert_status(self.run_odd(), 0)
        with contextlib.closing(sqlite3.connect(self.folder / "my runs/normlab.db")) as database:
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("DELETE FROM trial WHERE id = (SELECT trial FROM study_trial LIMIT 1)")
            database.commit()
        (study,) = self.studies("my runs")
        self.assertEqual(study["done"], 7)
        report = self.normlab("report", study["id"], "--runs", "my runs", "-o", "table.md")
        self.assert_status(report, 0)
        self.assertIn("1 of 8 trials have no result yet", report.stderr)
        self.assert_status(self.shell(self.printed(report.stderr)), 0)
        (whole,) = self.studies("my runs")
        self.assertEqual((whole["id"], whole["done"]), (study["id"], 8))

    def test_weights_that_were_not_kept_can_be_had(self):
        self.assert_status(self.run_odd("checkpoint=none"), 0)
        (study,) = self.studies("my runs")
        trial = json.loads(self.run_odd("checkpoint=none", "--json", "--quiet").stdout)["trials"][0]["id"]
        refused = self.normlab("show", trial, "--checkpoint", "w.safetensors", "--runs", "my runs")
        self.assert_status(refused, 2)
        result = self.shell(self.printed(refused.stderr) + " --json --quiet")
        self.assert_status(result, 0)
        (trained,) = json.loads(result.stdout)["trials"]
        copied = self.normlab("show", trained["id"], "--checkpoint", "w.safetensors", "--runs", "my runs")
        self.assert_status(copied, 0)
        self.assertNotEqual(trained["id"], study["id"])

    def test_list_is_named_with_its_folder(self):
        self.assert_status(self.run_odd(), 0)
        refused = self.normlab("show", "zzz", "--runs", "my runs")
        self.assert_status(refused, 2)
        command = re.search(r"'(normlab list .*)' shows", refused.stderr).group(1)
        listed = self.shell(command)
        self.assert_status(listed, 0)
        self.assertIn("it's a net", listed.stdout)


if __name__ == "__main__":
    unittest.main()
