"""`normlab bench`: what it prints and refuses. Never how fast anything is."""

import json
import unittest

from harness import CommandLineTest


class Bench(CommandLineTest):
    def test_json_has_the_documented_keys(self):
        result = self.normlab("bench", "--quick", "--json")
        self.assert_status(result, 0)
        output = json.loads(result.stdout)
        self.assertGreater(output["limits"]["fma_gflops_per_core"], 0)
        self.assertGreater(output["limits"]["bandwidth_gb_per_s"], 0)
        for kernel in output["kernels"]:
            self.assertLessEqual({"name", "shape", "gb_per_s", "share_of_limit"}, kernel.keys())
            self.assertGreater(kernel["share_of_limit"], 0, kernel)
        for step in output["steps"]:
            self.assertLessEqual({"model", "batch", "optimizer", "norm", "threads", "seconds", "gflops", "share_of_peak"},
                                 step.keys())
            self.assertLessEqual(step["range"][0], step["seconds"])
            self.assertAlmostEqual(sum(step["time_by_kind"].values()), 1, places=2, msg=step)
            self.assertAlmostEqual(sum(part["forward"] + part["backward"] for part in step["time_by_layer"]), 1, places=2, msg=step)
            self.assertLessEqual(step["seconds"], step["range"][1])
        for cost in output["norm_cost"]:
            self.assertLessEqual({"model", "batch", "ratio"}, cost.keys())
        names = {kernel["name"] for kernel in output["kernels"]}
        for name in ("norm_forward_train", "norm_forward_train_relu", "norm_forward_eval", "norm_backward_train",
                     "norm_backward_eval_relu", "relu_forward", "maxpool_backward", "softmax_cross_entropy", "sgd_momentum",
                     "adam", "gather_scale"):
            self.assertIn(name, names)
        steps = {(step["model"], step["batch"], step["norm"]) for step in output["steps"] if step["threads"] == 1}
        for model, batch in (("mlp-128-64", 32), ("mlp-128-64", 64), ("mlp-128-64", 256), ("mlp-512-256", 64),
                             ("cnn-32", 32), ("cnn-32", 128)):
            for norm in ("none", "batch"):
                self.assertIn((model, batch, norm), steps)
        self.assertEqual(self.files(), [])

    def test_filter_and_comparison(self):
        result = self.normlab("bench", "--quick", "--json", "--filter", "adam 109770")
        self.assert_status(result, 0)
        output = json.loads(result.stdout)
        self.assertEqual([kernel["name"] for kernel in output["kernels"]], ["adam"])
        self.assertEqual(output["steps"], [])
        for name, factor in (("before", 1), ("after", 100)):
            for kernel in output["kernels"]:
                kernel["seconds"] *= factor
                kernel["range"] = [factor * value for value in kernel["range"]]
            (self.folder / f"{name}.json").write_text(json.dumps(output))
        self.assert_status(self.normlab("bench", "--compare", "before.json", "before.json"), 0)
        slower = self.normlab("bench", "--compare", "before.json", "after.json")
        self.assert_status(slower, 1)
        self.assertIn("adam 109770", slower.stdout)
        self.assertIn("slower", slower.stderr)
        self.assert_status(self.normlab("bench", "--compare", "after.json", "before.json"), 0)

    def test_tables(self):
        result = self.normlab("bench", "--quick", "--filter", "step mlp-128-64 batch=32")
        self.assert_status(result, 0)
        for part in ("FMA peak of one core", "training step", "mlp-128-64", "cost of batch norm"):
            self.assertIn(part, result.stdout)
        self.assertNotIn("cnn-32", result.stdout)

    def test_wrong_requests(self):
        (self.folder / "empty.json").write_text("{}")
        (self.folder / "text.json").write_text("hello")
        for arguments, expected in ((["--filter", "nothing-is-called-so"], "nothing-is-called-so"),
                                    (["--compare", "empty.json"], "--compare"),
                                    (["--compare", "empty.json", "nowhere.json"], "nowhere.json"),
                                    (["--compare", "empty.json", "text.json"], "text.json: not JSON"),
                                    (["--compare", "empty.json", "empty.json"], "empty.json: not an output"),
                                    (["--seconds", "-1"], "--seconds")):
            with self.subTest(arguments):
                result = self.normlab("bench", *arguments)
                self.assert_status(result, 2)
                self.assertIn(expected, result.stderr)


if __name__ == "__main__":
    unittest.main()
