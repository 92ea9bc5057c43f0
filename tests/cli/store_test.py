"""What a run leaves in the store: nothing is trained twice, nothing finished is lost, and what was interrupted goes on
with the same bits."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import unittest

from harness import MODEL, PROGRAM, CommandLineTest
from run_test import without_times


# Runs a command that may mount what it likes; nobody else sees it.
OWN_MOUNTS = ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--user", "--map-root-user"])


def may_mount():
    probe = [*OWN_MOUNTS, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(probe, stderr=subprocess.DEVNULL).returncode == 0


class Reuse(CommandLineTest):
    def test_a_finished_trial_is_not_trained_again(self):
        first = self.run_small("seed=1..2", "epochs=2", "--json")
        self.assert_status(first, 0)
        second = self.run_small("seed=1..3", "epochs=2", "--json")
        self.assert_status(second, 0)
        self.assertEqual(second.stderr.count("taken from the store"), 4)
        self.assertEqual(second.stderr.count("epoch 2/2"), 2)
        trials = {trial["id"]: trial for trial in json.loads(second.stdout)["trials"]}
        for trial in json.loads(first.stdout)["trials"]:
            self.assertEqual(trials[trial["id"]], trial)

    def test_force_trains_again(self):
        self.assert_status(self.run_small("seed=1", "epochs=2"), 0)
        again = self.run_small("seed=1", "epochs=2", "--force")
        self.assert_status(again, 0)
        self.assertEqual(again.stderr.count("epoch 2/2"), 2)
        self.assertNotIn("taken from the store", again.stderr)

    def test_another_setting_is_another_trial(self):
        self.assert_status(self.run_small("seed=1", "epochs=2"), 0)
        other = self.run_small("seed=1", "epochs=2", "lr=0.01")
        self.assertNotIn("taken from the store", other.stderr)

    def test_a_study_that_comes_with_the_program(self):
        settings = ["run", "mlp-128-64-adam", "--smoke", "--data", "glyphs", "batch=32", "--dry-run"]
        result = self.normlab(*settings)
        self.assert_status(result, 0)
        self.assertIn("mlp-128-64-adam", result.stdout)
        self.assertIn("20 steps", result.stdout)
        self.assertEqual(result.stderr, "")


def change_store(folder, *statements):
    """Makes the store what another version of the program would have left."""
    with contextlib.closing(sqlite3.connect(folder / "normlab.db")) as database:
        for statement in statements:
            database.execute(statement)
        database.commit()


class OtherVersions(CommandLineTest):
    SETTINGS = ("seed=1..2", "epochs=2", "--json")

    def test_a_program_with_one_setting_less_wrote_the_store(self):
        first = self.run_small(*self.SETTINGS)
        self.assert_status(first, 0)
        for key in ("precision", "probe", "patience", "subset"):  # what came after the first stores
            change_store(self.folder / "runs", *(f"UPDATE {table} SET settings = json_remove(settings, '$.{key}')"
                                                 for table in ("trial", "arm")))
        again = self.run_small(*self.SETTINGS)
        self.assert_status(again, 0)
        self.assertEqual(again.stderr.count("taken from the store"), 4)
        self.assertEqual(again.stdout, first.stdout)

    def test_a_newer_program_wrote_the_store(self):
        self.assert_status(self.run_small(*self.SETTINGS), 0)
        change_store(self.folder / "runs", "UPDATE arm SET settings = json_set(settings, '$.flux', '3')")
        study = self.normlab("list", "--json")
        self.assert_status(study, 0)
        shown = self.normlab("report", json.loads(study.stdout)["studies"][0]["id"])
        self.assert_status(shown, 1)
        self.assertIn("another version of normlab", shown.stderr)
        self.assertIn("flux", shown.stderr)

    def outputs(self, study, trial):
        """What the store's readers say, as one list of texts."""
        texts = [self.normlab("list"), self.normlab("show", study), self.normlab("show", trial),
                 self.normlab("report", study)]
        for name in ("report.json", "report.csv", "report.md", "report.tex", "report.html"):
            texts.append(self.normlab("report", study, "-o", name))
        for result in texts:
            self.assert_status(result, 0)
        files = [(self.folder / name).read_text() for name in ("report.json", "report.csv", "report.md", "report.tex")]
        return [result.stdout for result in texts] + files

    def test_trials_of_other_numerics_are_shown_as_before_and_trained_anew_when_asked_for(self):
        first = self.run_small(*self.SETTINGS)
        self.assert_status(first, 0)
        study = json.loads(first.stdout)
        ids = {study["study"]["id"]: "0" * 12} | {trial["id"]: f"{i:012d}" for i, trial in enumerate(study["trials"], 1)}
        before = self.outputs(study["study"]["id"], study["trials"][0]["id"])
        columns = {"trial": ["id"], "study": ["id"], "arm": ["study"], "study_trial": ["study", "trial"],
                   "epoch_series": ["trial"], "series": ["trial"], "probe": ["trial"], "prediction": ["trial"]}
        statements = ["UPDATE environment SET description = json_set(description, '$.numerics', 1)"]
        for new, old in ids.items():
            statements += [f"UPDATE {table} SET {column} = '{old}' WHERE {column} = '{new}'"
                           for table, names in columns.items() for column in names]
        change_store(self.folder / "runs", *statements)

        def as_before(text):
            for new, old in ids.items():
                text = text.replace(new, old)
            text = re.sub("numerics: .*", "numerics: 1", text)
            return re.sub(r"checkpoints/\w+", "checkpoints/", text)  # weights keep the name they were written under

        now = self.outputs("0" * 12, f"{1:012d}")
        self.assertEqual([as_before(text) for text in now], [as_before(text) for text in before])

        again = self.run_small(*self.SETTINGS)
        self.assert_status(again, 0)
        self.assertNotIn("taken from the store", again.stderr)
        self.assertEqual({trial["id"] for trial in json.loads(again.stdout)["trials"]}, set(ids) - {study["study"]["id"]})
        listed = json.loads(self.normlab("list", "--json").stdout)["studies"]
        self.assertEqual([(line["id"], line["done"]) for line in listed], [("0" * 12, 4), (study["study"]["id"], 4)])


class Interruptions(CommandLineTest):
    SETTINGS = ("norm=batch", "seed=1..2", "epochs=60", "batch=4", "--quiet", "--json")

    def outcome(self, result):
        study = without_times(json.loads(result.stdout))
        for trial in study["trials"]:
            del trial["checkpoint"]  # a path
        return study

    def test_killed_at_twenty_moments_it_ends_with_the_same_bits(self):
        whole = self.run_small(*self.SETTINGS, "--runs", "whole")
        self.assert_status(whole, 0)
        rng = random.Random(5)
        for _ in range(20):
            process = self.start_small(*self.SETTINGS, stdout=subprocess.DEVNULL)
            try:
                process.wait(timeout=rng.uniform(0.02, 0.6))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
        resumed = self.run_small(*self.SETTINGS)
        self.assert_status(resumed, 0)
        self.assertEqual(self.outcome(resumed), self.outcome(whole))
        kept = {path.name: path.read_bytes() for path in (self.folder / "runs/checkpoints").glob("*.safetensors")}
        expected = {path.name: path.read_bytes() for path in (self.folder / "whole/checkpoints").glob("*.safetensors")}
        self.assertEqual(kept, expected)
        self.assertEqual(list((self.folder / "runs/unfinished").glob("*.safetensors")), [])

    def test_two_processes_share_the_work(self):
        settings = ("norm=none,batch", "seed=1..6", "epochs=20", "--jobs", "1", "--json")
        processes = [self.start_small(*settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        outputs = [process.communicate(timeout=100) for process in processes]
        self.assertEqual([process.returncode for process in processes], [0, 0], outputs)
        trained = [error.count("epoch 20/20") for _, error in outputs]
        self.assertEqual(sum(trained), 12, "each trial is trained once")
        self.assertEqual(json.loads(outputs[0][0])["trials"], json.loads(outputs[1][0])["trials"])


READ_ONLY = 'mount --bind runs runs && mount -o remount,bind,ro runs && "$@"'


@unittest.skipUnless(may_mount(), "this system lets nobody mount a read-only folder (a container without the right?)")
class ReadOnly(CommandLineTest):
    def on_read_only_runs(self, *arguments):
        return subprocess.run([*OWN_MOUNTS, "sh", "-c", READ_ONLY, "sh", PROGRAM, *arguments], cwd=self.folder,
                              env=self.environment(), capture_output=True, text=True, timeout=100)

    def check_readers(self, study):
        """All that reads says the same as where it could write."""
        trial = study["trials"][0]["id"]
        id = study["study"]["id"]
        for arguments in (["list"], ["show", id], ["show", trial], ["show", trial, "--series", "train_loss"],
                          ["report", id]):
            there = self.on_read_only_runs(*arguments)
            self.assert_status(there, 0)
            self.assertEqual(there.stdout, self.normlab(*arguments).stdout)
        for name in ("report.html", "report.csv", "report.json"):
            self.assert_status(self.on_read_only_runs("report", id, "-o", name), 0)
            there = (self.folder / name).read_text()
            self.assert_status(self.normlab("report", id, "-o", name), 0)
            self.assertEqual(there, (self.folder / name).read_text())

    def test_is_read(self):
        first = self.run_small("seed=1..2", "epochs=2", "--json")
        self.assert_status(first, 0)
        self.check_readers(json.loads(first.stdout))

    def test_with_a_left_over_log_is_read(self):
        first = self.run_small("seed=1..2", "epochs=2", "--json")
        self.assert_status(first, 0)
        with contextlib.closing(sqlite3.connect(self.folder / "runs/normlab.db")) as database:
            database.execute("UPDATE trial SET seconds = 12345")
            database.commit()
            shutil.copytree(self.folder / "runs", self.folder / "killed")
        self.assertTrue((self.folder / "killed/normlab.db-wal").stat().st_size > 0)
        shutil.rmtree(self.folder / "runs")
        os.rename(self.folder / "killed", self.folder / "runs")
        (self.folder / "runs/normlab.db-shm").unlink()
        listed = self.on_read_only_runs("list", "--json")
        self.assert_status(listed, 0)
        self.assertEqual(json.loads(listed.stdout)["studies"][0]["seconds"], 4 * 12345)
        self.check_readers(json.loads(first.stdout))

    def test_of_an_older_program_is_read(self):
        first = self.run_small("seed=1..2", "epochs=2", "--json")
        self.assert_status(first, 0)
        change_store(self.folder / "runs",
                     "CREATE TABLE columns AS SELECT * FROM epoch", "UPDATE columns SET validation_accuracy = 0.5",
                     "DROP VIEW epoch", "DROP VIEW epoch_value", "DROP TABLE epoch_series",
                     "ALTER TABLE columns RENAME TO epoch",
                     *(f"ALTER TABLE trial DROP COLUMN {column}" for column in ("test_loss", "test_accuracy", "test")),
                     *(f"ALTER TABLE trial ADD COLUMN {column} REAL DEFAULT 0.5" for column in ("test_loss", "test_accuracy")),
                     "DROP TABLE probe", "DROP TABLE prediction", "UPDATE study SET threshold = 0.9",
                     "PRAGMA user_version = 2",
                     *(f"ALTER TABLE trial DROP COLUMN {column}"
                       for column in ("divergence_phase", "stopped_early", "lost_statistics", "step_seconds",
                                      "validation_majority")),
                     *(f"ALTER TABLE study DROP COLUMN {column}" for column in ("primary_metric", "threshold_given")))
        listed = self.on_read_only_runs("list", "--json")
        self.assert_status(listed, 0)
        self.assertEqual(json.loads(listed.stdout)["studies"][0]["done"], 4)
        self.assert_status(self.on_read_only_runs("report", json.loads(first.stdout)["study"]["id"], "-o", "old.json"), 0)
        trial = json.loads((self.folder / "old.json").read_text())["trials"][0]
        self.assertEqual((trial["test_loss"], trial["epochs"][1]["validation_accuracy"]), (0.5, 0.5))

    def test_is_not_run_in(self):
        self.assert_status(self.run_small("seed=1", "epochs=1"), 0)
        result = self.on_read_only_runs("run", MODEL, "--data", "rows", "seed=1..2", "epochs=1")
        self.assert_status(result, 1)
        self.assertIn("normlab.db", result.stderr)
        self.assertIn("--runs", result.stderr)


class Trouble(CommandLineTest):
    def test_a_runs_folder_that_cannot_be(self):
        (self.folder / "runs").write_text("a file")
        result = self.run_small("seed=1", "epochs=1")
        self.assert_status(result, 2)
        self.assertIn("--runs runs", result.stderr)

    def test_a_damaged_store(self):
        (self.folder / "runs").mkdir()
        (self.folder / "runs/normlab.db").write_bytes(b"x" * 5000)
        result = self.run_small("seed=1", "epochs=1")
        self.assert_status(result, 1)
        self.assertIn("damaged", result.stderr)

    def run_in_small_filesystem(self, *arguments, size="400k", model=MODEL):
        """With a runs folder in a small file system, which is gone afterwards; what was in it is kept aside."""
        (self.folder / "runs").mkdir()
        script = f'mount -t tmpfs -o size={size} tmpfs runs && "$@"; status=$?; cp -r runs kept; exit $status'
        return subprocess.run([*OWN_MOUNTS, "sh", "-c", script, "sh", PROGRAM, "run", model, "--data", "rows", *arguments],
                              cwd=self.folder, env=self.environment(), capture_output=True, text=True, timeout=100)

    @unittest.skipUnless(may_mount(), "this system lets nobody mount a small file system (a container without the right?)")
    def test_a_disk_without_room_for_two_states_warns_once_and_goes_on(self):
        # Weights take 0.6 MB, a state three times that, and a state is written beside the one before.
        settings = ("norm=batch", "seed=1", "epochs=12", "batch=2", "probe=0", "--no-report")
        model = "flatten, linear 4000, norm, relu, linear 3"
        result = self.run_in_small_filesystem(*settings, size="2m", model=model)
        self.assert_status(result, 0)
        warnings = [line for line in result.stderr.splitlines() if "this is said once" in line]
        self.assertEqual(len(warnings), 1, result.stderr)
        self.assertRegex(warnings[0], "unfinished/.*: cannot be written: No space left.*said once")
        self.assertIn("epoch 12/12", result.stderr)
        self.assertEqual(len(list((self.folder / "kept/checkpoints").iterdir())), 1)
        self.assertEqual(list((self.folder / "kept/unfinished").iterdir()), [])

    @unittest.skipUnless(may_mount(), "this system lets nobody mount a small file system (a container without the right?)")
    def test_a_disk_without_room_for_weights_keeps_results(self):
        result = self.run_in_small_filesystem("norm=batch", "seed=1..4", "epochs=1", "probe=0", "--no-report", "--jobs",
                                              "1", "--json", size="1500k",
                                              model="flatten, linear 4000, norm, relu, linear 3")
        self.assert_status(result, 0)
        trials = json.loads(result.stdout)["trials"]
        self.assertEqual([trial["status"] for trial in trials], ["done"] * 4)
        self.assertEqual(["checkpoint" in trial for trial in trials], [True, False, False, False], result.stderr)
        self.assertEqual(result.stderr.count("(this is said once)"), 1, result.stderr)
        self.assertIn("No space left", result.stderr)

    @unittest.skipUnless(may_mount(), "this system lets nobody mount a small file system (a container without the right?)")
    def test_a_full_disk_loses_nothing_finished(self):
        result = self.run_in_small_filesystem("seed=1..60", "epochs=20", "batch=2", "--jobs", "1")
        self.assert_status(result, 1)
        self.assertIn("normlab: ", result.stderr)
        finished = result.stderr.count("epoch 20/20")
        self.assertGreater(finished, 3)
        shutil.rmtree(self.folder / "runs")
        os.rename(self.folder / "kept", self.folder / "runs")
        again = self.run_small("seed=1..60", "epochs=20", "batch=2")
        self.assert_status(again, 0)
        self.assertGreaterEqual(again.stderr.count("taken from the store"), finished - 2)


if __name__ == "__main__":
    unittest.main()
