"""The HTML report as `normlab run` and `normlab report` write it."""

import json
import re
import unittest

from harness import CommandLineTest
from report_document import blocks, read_document


class ReportTest(CommandLineTest):
    def run_report(self, *arguments):
        result = self.run_small("--json", "epochs=2", *arguments)
        self.assert_status(result, 0)
        named = re.search(r"^report: (runs/.*/report\.html)$", result.stderr, re.MULTILINE)
        self.assertTrue(named, result.stderr)
        return json.loads(result.stdout), read_document(self.folder / named.group(1))

    def test_numbers_are_those_of_json(self):
        printed, document = self.run_report("seed=1..3", "lr=0.01")
        contrasts = {contrast["metric"]: contrast for contrast in printed["contrasts"]}
        rows = document["datasets"]["mean_differences"]
        self.assertEqual({row["metric"] for row in rows},
                         {"validation_accuracy", "validation_loss", "test_accuracy", "step_seconds"})
        for row in rows:
            scale = {"validation_loss": 1, "step_seconds": 1e6}.get(row["metric"], 100)
            contrast = contrasts[row["metric"]]
            self.assertAlmostEqual(row["difference"], scale * contrast["difference"], places=12)
            if row["metric"] == "step_seconds":
                self.assertIsNone(row["low"], "a bar would look like a verdict")
                continue
            for field, bound in zip(("low", "high"), contrast["ci95"]):
                self.assertAlmostEqual(row[field], scale * bound, places=12)
        downloads = {download["file"].split(".")[-1]: download["text"] for download in document["downloads"]}
        self.assertEqual(json.loads(downloads["json"]), printed)

        for epoch_row in document["datasets"]["epochs"]:
            trial = next(trial for trial in printed["trials"] if trial["seed"] == epoch_row["seed"]
                         and trial["arm"] == self.arm_id(printed, epoch_row["arm"]))
            epoch = trial["epochs"][epoch_row["epoch"] - 1]
            for metric in ("train_loss", "validation_loss", "validation_accuracy"):
                self.assertAlmostEqual(epoch_row[metric], epoch[metric], delta=1e-5 * abs(epoch[metric]))

    @staticmethod
    def arm_id(printed, label):
        return next(arm["id"] for arm in printed["arms"] if arm["label"] == label)

    def test_every_step_and_every_image_is_there(self):
        _, document = self.run_report("seed=1")
        # 320 images to train on in batches of 64, two epochs.
        self.assertEqual(len(document["datasets"]["step_traces"]), 2 * 10)
        samples = blocks(document, "images")[0]
        self.assertEqual((samples["width"], samples["height"], samples["channels"]), (6, 6, 1))
        self.assertEqual({image["caption"] for image in samples["images"]}, {"0", "1", "2"})
        model = blocks(document, "model")[0]
        self.assertEqual([layer["norm_slot"] for layer in model["layers"]], [False, False, True, False, False])
        self.assertIn("data", {setting["key"] for setting in blocks(document, "settings")[-1]["same"]})

    def test_report_makes_it_again(self):
        _, document = self.run_report("seed=1..2")
        study = next(path.name for path in (self.folder / "runs").iterdir() if (path / "report.html").exists())
        self.assert_status(self.normlab("report", study, "-o", "again.html"), 0)
        self.assertEqual(read_document(self.folder / "again.html"), document)

        result = self.normlab("report", study, "-o", "none.html", environment={"NORMLAB_DATA": str(self.folder)})
        self.assert_status(result, 0)
        without = read_document(self.folder / "none.html")
        said = without["sections"][0]["blocks"][0]["text"]
        self.assertIn("set NORMLAB_DATA to the folder that holds rows", said)
        self.assertNotIn(str(self.folder), (self.folder / "none.html").read_text("utf-8"))
        self.assertEqual(blocks(without, "images"), [])

    def test_it_can_be_left_out_and_kept_quiet(self):
        self.assert_status(self.run_small("epochs=1", "seed=1", "--no-report"), 0)
        self.assertFalse([file for file in self.files() if file.endswith(".html")])
        result = self.run_small("epochs=1", "seed=1", "--quiet")
        self.assert_status(result, 0)
        self.assertEqual(result.stderr, "")
        self.assertTrue([file for file in self.files() if file.endswith("report.html")])

    def test_a_report_that_cannot_be_written_is_a_warning(self):
        self.assert_status(self.run_small("epochs=1", "seed=1", "--no-report"), 0)
        listed = self.normlab("list").stdout
        name = re.search(r"layers-[0-9a-f]+", listed).group(0)
        (self.folder / "runs" / name).write_text("in the way")
        result = self.run_small("epochs=1", "seed=1")
        self.assert_status(result, 0)
        self.assertIn("warning: no report was written", result.stderr)
        self.assertIn("validation accuracy", result.stdout)


if __name__ == "__main__":
    unittest.main()
