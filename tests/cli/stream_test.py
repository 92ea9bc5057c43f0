"""Progress on pipes and terminals, interrupts, and output that cannot be written."""

import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import unittest

from harness import MODEL, PROGRAM, CommandLineTest

ENDLESS = "epochs=1000000"


class Progress(CommandLineTest):
    def test_a_pipe_gets_one_line_for_each_epoch(self):
        result = self.run_small("seed=1..2", "norm=batch", "epochs=3", "--jobs", "1", "--no-report")
        self.assert_status(result, 0)
        lines = [line for line in result.stderr.splitlines() if "warning: " not in line]
        self.assertEqual([line.split(":")[0] for line in lines],
                         [f"norm=batch seed={seed} epoch {epoch}/3" for seed in (1, 2) for epoch in (1, 2, 3)])
        self.assertNotIn("\x1b", result.stderr)

    def test_quiet_is_quiet(self):
        self.assertEqual(self.run_small("seed=1", "epochs=1", "--quiet").stderr, "")

    def run_on_terminal(self, columns, **environment):
        """Standard error on a terminal of that width; returns what was written to it."""
        try:
            master, slave = pty.openpty()
        except OSError as error:  # a change root without /dev/pts
            self.skipTest(f"no pseudo-terminal is to be had here: {error}")
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        command = [PROGRAM, "run", MODEL, "--data", "rows", "seed=1..3", "epochs=20", "--no-report"]
        process = subprocess.Popen(command, cwd=self.folder, env=self.environment(TERM="xterm", **environment),
                                   stdout=subprocess.DEVNULL, stderr=slave)
        os.close(slave)
        written = b""
        while True:
            try:
                part = os.read(master, 4096)
            except OSError:  # the other side is closed
                break
            if not part:
                break
            written += part
        os.close(master)
        self.assertEqual(process.wait(), 0)
        return written.decode()

    def test_a_terminal_gets_a_bar_for_each_arm_and_for_all(self):
        written = self.run_on_terminal(100)
        last = [line for line in re.sub(r"\x1b\[[0-9]*[A-Za-z]", "", written).splitlines() if line][-3:]
        self.assertIn("norm=none", last[0])
        self.assertIn("norm=batch", last[1])
        self.assertIn("3/3", last[1])
        self.assertIn("epoch 20/20", last[1])
        self.assertIn("val ", last[1])
        self.assertIn("all 2 arms", last[2])
        self.assertIn("6/6", last[2])
        self.assertIn("\x1b[32m", written)

    def test_bars_fit_narrow_terminals_and_do_without_colour(self):
        written = self.run_on_terminal(30, NO_COLOR="1")
        self.assertNotRegex(written, r"\x1b\[[0-9;]*m")
        for line in re.sub(r"\x1b\[[0-9]*[A-Za-z]", "", written).replace("\n", "\r").split("\r"):
            self.assertLess(len(line), 30, line)


class Interrupts(CommandLineTest):
    def interrupt(self, process, at):
        """Sends ^C once a line with `at` has come."""
        for line in process.stderr:
            if at in line:
                process.send_signal(signal.SIGINT)
                break
        stdout, stderr = process.communicate(timeout=60)
        return stdout, stderr

    def test_finished_trials_are_reported(self):
        process = self.start_small("norm=none", "seed=1..2", "epochs=2,1000000", "--jobs", "3",
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        stdout, stderr = self.interrupt(process, at="epochs=2 seed=2 epoch 2/")
        self.assertEqual(process.returncode, 128 + signal.SIGINT, stderr)
        self.assertRegex(stderr, "interrupted: [12] of 4 trials are finished; to go on: normlab run ")
        self.assertIn("epochs=2", stdout)
        self.assertIn(len(self.checkpoints()), (1, 2), "no half-written checkpoints")

    def test_an_early_interrupt_leaves_no_results(self):
        process = self.start_small("seed=1", ENDLESS, "--jobs", "2", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        stdout, stderr = self.interrupt(process, at="epoch 1/")
        self.assertEqual(process.returncode, 128 + signal.SIGINT, stderr)
        self.assertEqual(stdout, "")
        self.assertEqual(self.checkpoints(), [])


class UnwritableOutput(CommandLineTest):
    def assert_failed(self, status, stderr):
        self.assertEqual(status, 1, stderr)
        self.assertIn("cannot write to standard output", stderr)

    def test_a_full_disk(self):
        for arguments in (["--help"], ["version"], ["run", "--help-settings"], ["model", "cnn-32"], ["data", "list"],
                          ["run", MODEL, "--data", "rows", "seed=1", "epochs=1", "--quiet"]):
            with self.subTest(arguments), open("/dev/full", "w", encoding="utf-8") as full:
                result = self.normlab(*arguments, stdout=full, stderr=subprocess.PIPE)
                self.assert_failed(result.returncode, result.stderr)

    def test_a_closed_pipe(self):
        process = self.start_small("seed=1", "epochs=1", "--quiet", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.close()
        stderr = process.stderr.read()
        process.stderr.close()
        self.assert_failed(process.wait(timeout=60), stderr)


if __name__ == "__main__":
    unittest.main()
