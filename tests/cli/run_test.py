"""What a run gives: tables, JSON, checkpoints; the same for any number of jobs and threads."""

import json
import math
import shutil
import struct
import subprocess
import unittest

from harness import MODEL, CommandLineTest


CLOCKS = {"seconds", "train_seconds", "step_seconds", "examples_per_second"}


def without_times(value):
    """The JSON value without what depends on the clock."""
    if isinstance(value, dict):
        return {key: without_times(entry) for key, entry in value.items() if key not in CLOCKS}
    if isinstance(value, list):
        return [without_times(entry) for entry in value if not (isinstance(entry, dict) and entry.get("metric") in CLOCKS)]
    return value


class Run(CommandLineTest):
    def test_the_default_compares_without_and_with_normalization_over_ten_seeds(self):
        result = self.run_small("epochs=2")
        self.assert_status(result, 0)
        self.assertIn("norm=none", result.stdout)
        self.assertIn("norm=batch", result.stdout)
        self.assertIn("test accuracy", result.stdout)
        self.assertEqual(len(self.checkpoints()), 20)

    def test_one_metric_decides(self):
        arguments = ("seed=1..6", "epochs=2", "--json", "--quiet", "--primary", "test_loss")
        result = json.loads(self.run_small(*arguments, "lr=0.01").stdout)
        self.assertEqual(result["study"]["primary"], "test_loss")
        self.assertEqual({c["metric"] for c in result["contrasts"] if c["p"] is not None}, {"test_loss"})
        stored = self.normlab("report", result["study"]["id"], "-o", "report.json")
        self.assert_status(stored, 0)
        self.assertEqual(json.loads((self.folder / "report.json").read_text())["study"]["primary"], "test_loss")
        refused = self.run_small("--threshold", "0")
        self.assert_status(refused, 2)
        self.assertNotIn("trials done", refused.stderr, "refused before anything was trained")
        refused = self.run_small("--primary", "step_seconds")
        self.assert_status(refused, 2)
        self.assertIn("--primary: no study is decided by step_seconds", refused.stderr)

    def test_what_learns_nothing_is_told(self):
        arguments = ("norm=batch", "seed=1..2", "lr=1e-9", "epochs=1", "steps=1")
        document = json.loads(self.run_small(*arguments, "--json", "--quiet").stdout)
        self.assertEqual([trial["trained"] for trial in document["trials"]], [False, False])
        self.assertEqual(document["arms"][0]["at_chance"], 2)
        for trial in document["trials"]:
            self.assertGreater(trial["step_seconds"], 0)
        self.assertIn("at chance", " ".join(self.run_small(*arguments).stdout.split()))

    def test_models_that_are_called_alike_are_told_apart(self):
        for folder in ("a", "b"):
            (self.folder / folder).mkdir()
            width = 4 if folder == "a" else 5
            (self.folder / folder / "net.toml").write_text(
                f'name = "net"\nlayers = ["flatten", "linear {width}", "norm", "relu", "linear 3"]\n')
        result = self.normlab("run", "model=a/net.toml,b/net.toml", "--data", "rows", "norm=batch", "seed=1", "steps=2", "--json",
                              "--quiet")
        self.assert_status(result, 0)
        self.assertEqual([arm["label"] for arm in json.loads(result.stdout)["arms"]], ["model=a/net", "model=b/net"])

    def test_json_holds_every_trial_and_metric(self):
        result = self.run_small("norm=none,batch", "seed=1..3", "epochs=2", "--json", "--quiet")
        self.assert_status(result, 0)
        study = json.loads(result.stdout)
        self.assertEqual(study["study"]["data"]["train"], 320)
        self.assertEqual(study["study"]["data"]["validation"], 80)
        self.assertEqual(study["study"]["data"]["test"], 100)
        self.assertEqual(len(study["arms"]), 2)
        self.assertEqual([trial["seed"] for trial in study["trials"]], [1, 2, 3, 1, 2, 3])
        self.assertEqual({trial["status"] for trial in study["trials"]}, {"done"})
        for trial in study["trials"]:
            self.assertEqual([epoch["epoch"] for epoch in trial["epochs"]], [1, 2])
            self.assertEqual(trial["steps"], 10)
        metrics = study["arms"][1]["metrics"]
        self.assertEqual(len(metrics["test_accuracy"]["values"]), 3)
        self.assertTrue(study["contrasts"])

    def test_results_do_not_depend_on_jobs_and_threads(self):
        outcomes = []
        for flags in (["--jobs", "1"], ["--jobs", "2"], ["--jobs", "3", "--threads", "2"],
                      ["--jobs", "1", "--threads", "3"]):
            result = self.run_small("seed=1..3", "epochs=2", "--json", "--quiet", "--force", *flags)
            self.assert_status(result, 0)
            checkpoints = self.folder / "runs/checkpoints"
            weights = {path.name: path.read_bytes() for path in checkpoints.iterdir()}
            shutil.rmtree(checkpoints)
            self.assertEqual(len(weights), 6)
            outcomes.append((without_times(json.loads(result.stdout)), weights))
        for outcome in outcomes[1:]:
            self.assertEqual(outcome, outcomes[0])

    def test_checkpoints_are_named_by_trial_and_can_be_started_from(self):
        first = json.loads(self.run_small("norm=batch", "seed=1", "epochs=3", "--json", "--quiet").stdout)
        trial = first["trials"][0]
        file = f"runs/checkpoints/{trial['id']}.safetensors"
        self.assertEqual(self.checkpoints(), [file])
        summary = self.normlab("model", file)
        self.assert_status(summary, 0)
        self.assertIn("norm slots   1, norm=batch", summary.stdout)
        # One step with a tiny learning rate from the trained weights: the loss is that of the end, not of a start.
        again = self.run_small("norm=batch", "seed=1", "steps=1", "lr=1e-12", f"init={file}", "--json", "--quiet")
        self.assert_status(again, 0)
        loss = json.loads(again.stdout)["trials"][0]["test_loss"]
        self.assertLess(abs(loss - trial["test_loss"]), 0.1 * trial["test_loss"] + 0.05)

    def test_without_checkpoints_there_is_the_store_only(self):
        self.assert_status(self.run_small("seed=1", "epochs=1", "checkpoint=none", "--no-report"), 0)
        self.assertEqual(self.files(), ["runs/normlab.db"])

    def test_a_diverged_trial_is_a_result(self):
        result = self.run_small("norm=none", "seed=1", "optimizer=sgd", "lr=1e6", "--json", "--quiet")
        self.assert_status(result, 0)
        self.assertEqual(json.loads(result.stdout)["trials"][0]["status"], "diverged")

    def run_while_weights_are_lost(self, *options):
        """Two arms that start from a file each, of which the second's is gone when it comes to it."""
        for name, seed in (("kept", 1), ("lost", 2)):
            study = json.loads(self.run_small("norm=batch", f"seed={seed}", "steps=1", "--json", "--quiet").stdout)
            source = self.folder / f"runs/checkpoints/{study['trials'][0]['id']}.safetensors"
            (self.folder / f"{name}.safetensors").write_bytes(source.read_bytes())
        process = self.start_small("norm=batch", "init=kept.safetensors,lost.safetensors", "seed=1..2", "epochs=300",
                                   "batch=4", "probe=0", "--jobs", "1", "--json", *options, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        while "epoch 1/300" not in process.stderr.readline():
            self.assertIsNone(process.poll())
        (self.folder / "lost.safetensors").unlink()
        output, errors = process.communicate(timeout=100)
        self.assertEqual(process.returncode, 1, errors)
        return [trial["status"] for trial in json.loads(output)["trials"]], errors

    def test_a_failed_trial_is_named_and_the_others_go_on(self):
        statuses, errors = self.run_while_weights_are_lost()
        self.assertEqual(statuses, ["done", "done", "failed", "failed"])
        self.assertIn("2 of 4 trials failed\n  init=lost.safetensors seed=1: lost.safetensors: cannot be read", errors)

    def test_the_first_failed_trial_ends_all_when_asked(self):
        statuses, errors = self.run_while_weights_are_lost("--fail-fast")
        self.assertEqual(statuses.count("failed"), 1)
        self.assertIn("1 of 4 trials failed", errors)
        self.assertRegex(errors, "[12] were not run")

    def test_weights_that_cannot_be_written_are_warned_of(self):
        plan = self.run_small("norm=none", "seed=1..3", "--dry-run").stdout
        second = [line.split()[1] for line in plan.splitlines() if line.startswith("  trial")][1]
        (self.folder / f"runs/checkpoints/{second}.safetensors").mkdir(parents=True)
        result = self.run_small("norm=none", "seed=1..3", "--jobs", "1", "--json")
        self.assert_status(result, 0)
        trials = json.loads(result.stdout)["trials"]
        self.assertEqual([trial["status"] for trial in trials], ["done"] * 3)
        self.assertEqual(["checkpoint" in trial for trial in trials], [True, False, True])
        self.assertRegex(result.stderr, f"normlab: warning: .*{second}.safetensors: cannot be written")

    def test_the_plan_has_the_ids_of_the_run_and_writes_nothing(self):
        plan = self.run_small("seed=1..2", "batch=16,32", "--dry-run")
        self.assert_status(plan, 0)
        self.assertEqual(self.files(), [])
        lines = plan.stdout.splitlines()
        self.assertIn("8 trials in 4 arms", lines[0])
        planned = [line.split()[1] for line in lines if line.startswith("  trial")]
        study = json.loads(self.run_small("seed=1..2", "batch=16,32", "--json", "--quiet").stdout)
        self.assertEqual(planned, [trial["id"] for trial in study["trials"]])

    def test_ids_follow_the_data_and_not_its_place(self):
        by_name = self.run_small("seed=1", "--dry-run").stdout
        by_path = self.normlab("run", MODEL, "--data", str(self.data), "seed=1", "--dry-run").stdout
        self.assertEqual(by_name, by_path)

    def test_settings_without_effect_are_warned_of_once(self):
        result = self.run_small("seed=1", "steps=1", "momentum=0.9", "--quiet")
        self.assert_status(result, 0)
        self.assertEqual(result.stderr, "normlab: warning: momentum has no effect: only optimizer=sgd uses it\n")

    def test_a_model_without_norm_slots_is_run_once(self):
        bare = "flatten, linear 16, relu, linear 3"
        for norm in ([], ["norm=none,batch"], ["norm=batch"]):
            with self.subTest(norm):
                result = self.normlab("run", bare, "--data", "rows", "seed=1..6", "epochs=1", "--json", "--quiet", *norm)
                self.assert_status(result, 0)
                self.assertIn("warning: norm has no effect: it has nothing to fill", result.stderr)
                study = json.loads(result.stdout)
                self.assertEqual([arm["settings"]["norm"] for arm in study["arms"]], ["none"])
                self.assertEqual(len(study["trials"]), 6)
                self.assertEqual(study["contrasts"], [])
        name = study["study"]["name"]
        table = self.normlab("report", name, "-o", "table.md")
        self.assert_status(table, 0)
        self.assertIn("There is no second arm to compare it with.", (self.folder / "table.md").read_text("utf-8"))
        for shown in (self.normlab("report", name).stdout, self.normlab("show", name).stdout):
            self.assertNotIn("baseline", shown)

    def test_of_several_models_only_the_one_without_norm_slots_is_run_once(self):
        models = f'model="{MODEL}","flatten, linear 8, relu, linear 3"'
        result = self.normlab("run", models, "--data", "rows", "seed=1..2", "steps=2", "--json", "--quiet")
        self.assert_status(result, 0)
        study = json.loads(result.stdout)
        self.assertEqual([arm["settings"]["norm"] for arm in study["arms"]], ["none", "batch", "none"])
        self.assertIn("norm has no effect where model=", result.stderr)


def change_tensor(path, name, place, value):
    """Writes a float into a safetensors file."""
    data = bytearray(path.read_bytes())
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    struct.pack_into("<f", data, 8 + length + header[name]["data_offsets"][0] + 4 * place, value)
    path.write_bytes(data)


class NotFinite(CommandLineTest):
    def trained_weights(self):
        study = json.loads(self.run_small("norm=batch", "seed=1", "epochs=1", "--json", "--quiet").stdout)
        path = self.folder / "w.safetensors"
        path.write_bytes((self.folder / f"runs/checkpoints/{study['trials'][0]['id']}.safetensors").read_bytes())
        return path

    def test_weights_that_are_no_numbers_are_refused(self):
        for name, place, value, what in (("2.running_var", 3, math.nan, r"2.running_var.*nan at \[3\]"),
                                         ("2.running_var", 0, -1, r"2.running_var.*-1 at \[0\].*never negative"),
                                         ("1.weight", 37, math.inf, r"1.weight.*inf at \[1, 1\]")):
            change_tensor(self.trained_weights(), name, place, value)
            result = self.run_small("norm=batch", "seed=1", "epochs=1", "init=w.safetensors")
            self.assert_status(result, 2)
            self.assertRegex(result.stderr, what)
            self.assertEqual(result.stdout, "")

    def test_names_with_a_common_front_are_understood_and_told_of(self):
        path = self.trained_weights()
        data = path.read_bytes()
        length = int.from_bytes(data[:8], "little")
        header = json.loads(data[8:8 + length])
        header = {name if name == "__metadata__" else "_orig_mod." + name: value for name, value in header.items()}
        text = json.dumps(header).encode()
        path.write_bytes(len(text).to_bytes(8, "little") + text + data[8 + length:])
        result = self.run_small("norm=batch", "seed=1", "epochs=1", "init=w.safetensors")
        self.assert_status(result, 0)
        self.assertIn("begin with '_orig_mod.', which is left out", result.stderr)

    def test_a_trial_whose_evaluation_is_not_finite_diverged(self):
        result = self.run_small("norm=none", "seed=1..4", "steps=4", "optimizer=sgd", "lr=1e6", "--json", "--quiet")
        self.assert_status(result, 0)
        for trial in json.loads(result.stdout)["trials"]:
            for epoch in trial["epochs"]:
                self.assertIsNotNone(epoch["validation_loss"])
            self.assertEqual(trial["status"] == "done", trial["test_loss"] is not None)

    def test_statistics_beyond_floats_are_told(self):
        model = "flatten, linear 32, linear 32, linear 32, linear 32, norm, relu, linear 3"
        result = self.normlab("run", model, "--data", "rows", "norm=batch", "seed=1", "steps=5", "init_gain=1e6",
                              "optimizer=sgd", "lr=1e-30", "--json", "--no-report")
        self.assert_status(result, 0)
        study = json.loads(result.stdout)
        lost = study["trials"][0]["lost_statistics"]
        self.assertEqual([entry["layer"] for entry in lost], ["5"])
        self.assertGreater(lost[0]["updates"], 0)
        self.assertIn("layer 5", result.stderr)
        self.assertIn("Running statistics stood still", " ".join(result.stderr.split()))
        shown = self.normlab("show", study["trials"][0]["id"])
        self.assertIn("layer 5: ", shown.stdout)


class EarlyStop(CommandLineTest):
    def test_patience_ends_a_trial_and_the_table_says_where(self):
        settings = ("norm=batch", "seed=1..3", "epochs=200", "lr=0.01")
        result = self.run_small(*settings, "patience=3", "--json")
        self.assert_status(result, 0)
        whole = json.loads(self.run_small(*settings, "--json", "--quiet").stdout)
        for trial, other in zip(json.loads(result.stdout)["trials"], whole["trials"]):
            self.assertNotEqual(trial["id"], other["id"])
            accuracies = [epoch["validation_accuracy"] for epoch in other["epochs"]]
            ends = next(i for i in range(4, 201) if accuracies.index(max(accuracies[:i])) == i - 4)
            self.assertTrue(trial["stopped_early"])
            self.assertEqual(len(trial["epochs"]), ends)
            self.assertEqual([epoch["validation_accuracy"] for epoch in trial["epochs"]], accuracies[:ends])
            self.assertNotIn("stopped_early", other)
        self.assertRegex(result.stderr, "stopped after [0-9]+ epochs")
        table = self.run_small(*settings, "patience=3", "--quiet")
        self.assertRegex(" ".join(table.stdout.split()), r"Patience ended trials early: 3 of 3 \(norm=batch\) after")

    def test_a_subset_trains_on_so_many_and_validates_as_ever(self):
        result = self.run_small("norm=none", "seed=1", "epochs=1", "batch=10", "subset=0,50,320", "--json")
        self.assert_status(result, 0)
        trials = json.loads(result.stdout)["trials"]
        self.assertEqual([trial["steps"] for trial in trials], [32, 5, 32])
        self.assertEqual(trials[0]["test_loss"], trials[2]["test_loss"], "all of them are all of them")
        again = self.run_small("norm=none", "seed=1", "epochs=1", "batch=10", "subset=50", "--force", "--json")
        self.assertEqual(json.loads(again.stdout)["trials"][0]["test_loss"], trials[1]["test_loss"])
        refused = self.run_small("norm=none", "seed=1", "subset=321")
        self.assert_status(refused, 2)
        self.assertRegex(refused.stderr, "subset=321: 'rows' has 320 images to train on when 80 are held out")


if __name__ == "__main__":
    unittest.main()
