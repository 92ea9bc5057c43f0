"""Wrong requests: status 2, one clear message, nothing on standard output, no files."""

import unittest

from harness import MODEL, CommandLineTest, write_idx


class WrongRequests(CommandLineTest):
    def assert_refused(self, arguments, *expected, environment=None):
        with self.subTest(arguments):
            result = self.normlab(*arguments, environment=environment)
            self.assert_status(result, 2)
            self.assertEqual(result.stdout, "")
            self.assertEqual(self.files(), [])
            self.assertTrue(result.stderr.startswith("normlab: "), result.stderr)
            self.assertEqual(result.stderr.count("normlab: "), 1, result.stderr)
            for part in expected:
                self.assertIn(part, result.stderr)

    def assert_run_refused(self, settings, *expected):
        self.assert_refused(["run", MODEL, "--data", "rows", *settings], *expected)

    def test_commands_and_flags(self):
        self.assert_refused([], "which command?", "run, ", "model, data, bench, version")
        self.assert_refused(["rnu"], "no command 'rnu'", "did you mean 'run'?")
        self.assert_refused(["run", MODEL, "--jbos", "2"], "no flag --jbos", "did you mean '--jobs'?")
        self.assert_refused(["run", MODEL, "--jobs", "0"], "--jobs")
        self.assert_refused(["run", MODEL, "--jobs", "two"], "--jobs")
        self.assert_refused(["run", MODEL, "--jobs"], "--jobs")
        self.assert_refused(["run", MODEL, "--threshold", "95"], "--threshold")
        self.assert_refused(["run"], "no model is given")
        self.assert_refused(["run", "cnn-32", "lr", "=", "1"], "what is 'lr' for?", "without blanks")
        self.assert_refused(["run", MODEL, "--data", "rows", "--dry-run", "--json"], "--dry-run")
        self.assert_refused(["data", "lits"], "no command 'lits'", "did you mean 'list'?")

    def test_fetch_leaves_other_data_alone(self):
        self.assert_refused(["run", MODEL, "--data", "nowhere", "--fetch"], "nowhere")
        result = self.run_small("seed=1", "epochs=1", "--fetch", "--dry-run")
        self.assert_status(result, 0)

    def test_settings(self):
        self.assert_run_refused(["lerning_rate=1"], "unknown setting 'lerning_rate'")
        self.assert_run_refused(["learning_rate=1"], "it is called 'lr' here")
        self.assert_run_refused(["epoch=1"], "unknown setting 'epoch'", "did you mean 'epochs'?")
        self.assert_run_refused(["norm=btach"], "norm=btach: expected none or batch", "did you mean 'batch'?")
        self.assert_run_refused(["norm=layer"], "norm=layer: expected none or batch")
        self.assert_run_refused(["lr=-1"], "lr=-1: expected a number above 0")
        self.assert_run_refused(["lr=nan"], "lr=nan: expected a number above 0")
        self.assert_run_refused(["batch=0"], "batch=0: expected a whole number from 1 to")
        self.assert_run_refused(["batch=1.5"], "batch=1.5: expected a whole number")
        self.assert_run_refused(["momentum=1"], "momentum=1: expected")
        self.assert_run_refused(["lr=1", "lr=2"], "lr is given twice")
        self.assert_run_refused(["data=rows"], "data is given twice")
        self.assert_run_refused(["lr=1,1.0"], "the value 1 is given twice")
        self.assert_run_refused(["seed=5..1"], "a range is two whole numbers in ascending order")
        self.assert_run_refused(["seed=1..1000000"], "more than 100000 values")
        self.assert_run_refused(["seed=1..1000", "batch=1..1000"], "more than 100000 trials")
        self.assert_run_refused(["lr=log(0,1,5)"], "log() needs numbers above 0")
        self.assert_run_refused(["lr="], "a value is missing")
        self.assert_run_refused(["init=nowhere.safetensors"], "nowhere.safetensors")

    def test_views_of_images(self):
        self.assert_run_refused(["augment=crop:6"], "augment=crop:6", "6x6", "at most 5")
        self.assert_run_refused(['augment="crop:2,flip"'], "two joined by +, crop:4+flip")

    def test_empty_words(self):
        self.assert_refused(["run", MODEL, "--data", ""], "--data '': a value is missing")
        self.assert_refused(["run", MODEL, "--data", "rows", "--runs", ""], "--runs '': a value is missing")
        self.assert_refused(["run", MODEL, "--data=", "rows"], "--data=: a value is missing")
        self.assert_refused(["run", "", "--data", "rows"], "a word is missing")
        for setting in ("lr=", "batch=,32", "data=", 'data=""', "norm= ", "seed=1.."):
            self.assert_refused(["run", MODEL, setting], setting.split("=")[0] + "=")
        self.assert_refused(["run", "batch-size-mlp", "batch="], "batch=: a value is missing")

    def test_keys_given_twice(self):
        self.assert_run_refused(["batch=32", "batch=64"], "batch is given twice")
        self.assert_refused(["run", "batch-size-mlp", "batch=32", "batch=64"], "batch is given twice")
        self.assert_refused(["run", "batch-size-mlp", "--data", "glyphs", "data=rows"], "data is given twice")
        self.assert_refused(["run", "batch-size-mlp", "model=cnn-32"], "model is given twice")
        self.assert_run_refused(["augment=crop:1,crop:1"], "the value crop:1 is given twice")
        self.assert_run_refused(["--jobs", "1", "--jobs", "2"], "--jobs is given twice")
        self.assert_run_refused(["--data", "rows"], "--data is given twice")
        study = self.data.parent / "twice.toml"
        study.write_text('name = "x"\nname = "y"\nlayers = ["flatten", "linear 3"]\n')
        self.assert_refused(["run", str(study), "--data", "rows"], "twice.toml:2", "'name'")
        study.write_text('name="x"\ntitle="x"\nquestions=["x"]\nsource="x"\nmodel="cnn-32"\n[settings]\nlr="1"\nlr="2"\n')
        self.assert_refused(["run", str(study), "--data", "rows"], "twice.toml:8", "'lr'")

    def test_numbers_in_forms_that_nobody_writes(self):
        self.assert_run_refused(["weight_decay=0,0005"], "'0005' begins with a zero", "decimal point is written 0.0005")
        self.assert_run_refused(["lr=0,1"], "lr=0: expected", "decimal point is written 0.1")
        self.assert_run_refused(["seed=01"], "'01' begins with a zero: write 1")
        for text in ("nan", "inf", "0x1p-1", "1e400", "+0.5", "00.5", "50%", "0,5"):
            self.assert_run_refused(["--threshold", text], f"--threshold {text}: expected a number of at least 0")
        self.assert_run_refused(["--jobs", "08"], "'08' begins with a zero: write 8")
        for model in ("flatten, linear 03", "flatten, linear +3", "conv 4 03x03, flatten, linear 3",
                      "flatten, dropout 00.5, linear 3", "06x6x1: flatten, linear 3", "6x+6x1: flatten, linear 3"):
            self.assert_refused(["run", model, "--data", "rows"], "expected")

    def test_models(self):
        for model, expected in (("mlp-128-46", "mlp-128-64"), ("flatten, liner 10", "linear"), ("linear 3", ""),
                                ("flatten, linear 0", "linear 0"), ("flatten, linear 1000000000, linear 3", ""),
                                ("conv 4 9x9, flatten, linear 3", "conv 4 9x9"), ("flatten, linear 4", ""),
                                ("flatten,, linear 3", ""), ("nowhere.toml", "nowhere.toml"), ("", "")):
            self.assert_refused(["run", model, "--data", "rows"], expected)

    def test_words_of_other_programs(self):
        for model, expected in (("flatten, dense 10", "'linear UNITS'"), ("flatten, fc 3", "'linear UNITS'"),
                                ("flatten, linear 3, softmax", "the loss applies it"),
                                ("flatten, linear 8, batchnorm, linear 3", "norm=batch"),
                                ("flatten, linear 8, bn, linear 3", "norm=batch"),
                                ("Conv2d 8 3x3, flatten, linear 3", "'conv CHANNELS 3x3'"),
                                ("conv2d 8 3x3, flatten, linear 3", "'conv CHANNELS 3x3'")):
            self.assert_refused(["run", model, "--data", "rows"], "unknown layer", expected)
            self.assert_refused(["model", model], "unknown layer", expected)
        self.assert_run_refused(["--epochs=3"], "epochs is a setting, written epochs=3")
        self.assert_run_refused(["--lr", "0.1"], "lr is a setting, written lr=")
        self.assert_run_refused(["norm=batchnorm"], "it is called 'batch' here")
        self.assert_run_refused(["optimizer=SGD"], "did you mean 'sgd'?")
        self.assert_refused(["model", MODEL, "--lr=1"], "lr is a setting")

    def test_models_and_studies_are_both_named(self):
        self.assert_refused(["run", "foo"], "'foo' is neither a model nor a study", "cnn-32", "batch-size-mlp")
        self.assert_refused(["run", "batch-size-mpl"], "did you mean 'batch-size-mlp'?")
        self.assert_refused(["run", "mlp-128-46"], "did you mean 'mlp-128-64'?")
        self.assert_refused(["model", "batch-size-mlp"], "is a study", "normlab model mlp-128-64")

    def test_what_is_missing_is_named(self):
        self.assert_refused(["model"], "normlab model: MODEL is missing")
        self.assert_refused(["show"], "normlab show: ID is missing")
        self.assert_refused(["report"], "normlab report: STUDY is missing")
        self.assert_refused(["data", "fetch"], "normlab data fetch: NAME is missing")

    def test_an_input_that_is_not_the_datas(self):
        shaped = "28x28x1: flatten, linear 3"
        for command in (["run", shaped, "--data", "rows"], ["model", shaped, "--data", "rows"],
                        ["model", shaped, "data=rows"]):
            self.assert_refused(command, "its input is 28x28x1", "images of rows are 6x6x1")
        net = self.data.parent / "net.toml"
        net.write_text('name = "net"\ninput = [28, 28, 1]\nlayers = ["flatten", "linear 3"]\n')
        plan = self.normlab("run", str(net), "--data", "rows", "--dry-run", "seed=1")
        self.assert_status(plan, 0)
        self.assertIn("warning: model net was made for inputs of 28x28x1; with rows it takes 6x6x1", plan.stderr)

    def test_the_settings_of_a_model_that_is_shown(self):
        self.assert_refused(["model", MODEL, "eps=1", "eps=2"], "eps is given twice")
        self.assert_refused(["model", MODEL, "--data", "rows", "data=rows"], "data is given twice")
        self.assert_refused(["model", MODEL, "eps=1,2"], "give one value")
        self.assert_refused(["model", MODEL, "eps="], "a value is missing")
        shown = self.normlab("model", "flatten, linear 3", "norm=batch", "lr=0.1")
        self.assert_status(shown, 0)
        self.assertIn("norm changes nothing here: it has nothing to fill", shown.stderr)
        self.assertIn("lr changes nothing here: it is about training", shown.stderr)
        with_data = self.normlab("model", MODEL, "data=rows")
        self.assertIn("6x6x1", with_data.stdout)

    def test_a_batch_of_one_under_batch_norm(self):
        self.assert_run_refused(["batch=1"], "norm=batch: ")
        self.assert_run_refused(["batch=319", "norm=batch"], "tail")

    def test_data(self):
        self.assert_refused(["run", MODEL, "--data", "rosw"], "rosw")
        self.assert_refused(["run", MODEL, "--data", "/nowhere"], "/nowhere")

    def test_damaged_data(self):
        good = {name: (self.data / name).read_bytes() for name in
                ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")}
        images = good["train-images-idx3-ubyte"]
        labels = good["train-labels-idx1-ubyte"]
        damages = {
            "truncated": ("train-images-idx3-ubyte", images[:-1]),
            "empty": ("train-images-idx3-ubyte", b""),
            "wrong-magic": ("train-images-idx3-ubyte", b"\1" + images[1:]),
            "wrong-count": ("train-labels-idx1-ubyte", labels[:4] + (401).to_bytes(4, "big") + labels[8:] + b"\0"),
            "too-large": ("train-images-idx3-ubyte", images[:4] + (40000).to_bytes(4, "big") + images[8:]),
            "label-out-of-range": ("train-labels-idx1-ubyte", labels[:-1] + b"\xfa"),
        }
        for kind, (file, content) in damages.items():
            folder = self.data.parent / kind
            folder.mkdir()
            for name, bytes_of in {**good, file: content}.items():
                (folder / name).write_bytes(bytes_of)
            self.assert_refused(["run", MODEL, "--data", str(folder)], file)

    def test_a_folder_that_cannot_be_made(self):
        blocked = self.data.parent / "file"
        blocked.write_text("in the way")
        self.assert_run_refused(["--runs", str(blocked)], "--runs", "file")

    def test_instruction_sets(self):
        self.assert_refused(["version"], "avx9000", environment={"NORMLAB_ISA": "avx9000"})


class Help(CommandLineTest):
    def test_every_command_has_help_with_examples(self):
        for command in ([], ["run"], ["model"], ["data", "info"], ["data", "verify"], ["data", "fetch"]):
            result = self.normlab(*command, "--help")
            self.assert_status(result, 0)
            self.assertIn("Example", result.stdout, command)
            self.assertEqual(result.stderr, "")

    def test_settings_are_explained_without_a_model(self):
        result = self.normlab("run", "--help-settings")
        self.assert_status(result, 0)
        self.assertIn("stat_update   (default 0.1)", result.stdout)

    def test_version_names_the_instruction_set(self):
        result = self.normlab("version")
        self.assert_status(result, 0)
        supported = result.stdout.split("(of ")[1].split(";")[0].split(", ")
        for isa in supported:
            forced = self.normlab("version", environment={"NORMLAB_ISA": isa})
            self.assertIn(f"instruction set: {isa} ", forced.stdout)
        self.assertEqual(self.normlab("--version").stdout, result.stdout)


if __name__ == "__main__":
    unittest.main()
