#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The unit file as systemd itself reads it, and its command as tapeline does."""
import json
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import unittest

BINARY = os.environ["TAPELINE_BINARY"]
UNIT = pathlib.Path(os.environ["TAPELINE_SOURCE"]) / "deploy/systemd/tapeline.service"
INSTALLED = "/usr/bin/tapeline"


def run(*command):
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL)


def values_of(text, key):
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


class SystemdUnit(unittest.TestCase):
    def setUp(self):
        self.text = UNIT.read_text(encoding="ascii")

    def analyze(self, *arguments, text):
        """What systemd-analyze says of the unit, with the program where it was built."""
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder) / "tapeline.service"
            unit.write_text(text.replace(INSTALLED, BINARY), encoding="ascii")
            return run("systemd-analyze", *arguments, str(unit))

    def verify(self, text):
        return self.analyze("verify", "--man=no", "--recursive-errors=no", text=text)

    def test_systemd_accepts_it(self):
        done = self.verify(self.text)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_systemd_would_have_seen_a_mistake(self):
        wrong = self.text.replace("ProtectHome=", "ProtectHoem=")
        done = self.verify(wrong)
        self.assertIn("Unknown key 'ProtectHoem'", done.stderr)
        self.assertNotEqual(self.verify(self.text.replace("run\n", "run \"\n", 1)).stderr, "")

    def test_it_is_exposed_little(self):
        def exposed_over(tenths, text):
            done = self.analyze(
                "security", "--offline=true", "--no-pager", f"--threshold={tenths}", text=text)
            self.assertIn("Overall exposure level", done.stdout, done.stderr)
            return done.returncode != 0

        self.assertFalse(exposed_over(20, self.text))
        loose = [line for line in self.text.splitlines(keepends=True)
                 if not line.startswith(("CapabilityBoundingSet=", "ProtectSystem="))]
        self.assertTrue(exposed_over(20, "".join(loose)))

    def test_it_may_still_reach_venues_and_its_data(self):
        families = values_of(self.text, "RestrictAddressFamilies")[0].split()
        self.assertLessEqual({"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"}, set(families))
        for key in ("PrivateNetwork", "IPAddressDeny", "IPAddressAllow", "SocketBindDeny"):
            self.assertEqual(values_of(self.text, key), [], key)
        state = values_of(self.text, "StateDirectory")[0]
        self.assertEqual(values_of(self.text, "Environment"), [f"TAPELINE_DATA=/var/lib/{state}"])

    def test_tapeline_takes_its_options(self):
        command = shlex.split(values_of(self.text, "ExecStart")[0])
        self.assertEqual((command[0], command[-1]), (INSTALLED, "run"))
        done = run(BINARY, *command[1:], "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Usage: tapeline run", done.stdout)

    def test_its_command_runs(self):
        """As it stands, but for where configuration and data are; the feed is one that refuses."""
        with tempfile.TemporaryDirectory() as folder:
            config = pathlib.Path(folder) / "tapeline.yaml"
            config.write_text("feeds:\n  - venue: coinbase\n    symbols: [BTC-USD]\n"
                              "    endpoint: wss://127.0.0.1:1/\n"
                              "    rest_endpoint: https://127.0.0.1:1\n"
                              "serve: {listen: '127.0.0.1:0'}\n", encoding="ascii")
            key, value = values_of(self.text, "Environment")[0].split("=", 1)
            self.assertEqual((key, value), ("TAPELINE_DATA", "/var/lib/tapeline"))
            command = shlex.split(values_of(self.text, "ExecStart")[0])
            at = command.index("/etc/tapeline/tapeline.yaml")
            command[0], command[at] = BINARY, str(config)
            process = subprocess.Popen(command, env={key: folder + "/data"}, text=True,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            said = ""
            for line in process.stderr:
                said += line
                if json.loads(line)["message"] == "running":
                    break
            process.send_signal(getattr(signal, values_of(self.text, "KillSignal")[0]))
            out, rest = process.communicate(timeout=60)
            self.assertEqual(out, "")
            self.assertEqual(process.returncode, 0, said + rest)
            self.assertIn("running", said)
            self.assertTrue((pathlib.Path(folder) / "data/journal").is_dir())

    def test_what_a_restart_cannot_mend_is_not_restarted(self):
        self.assertEqual(values_of(self.text, "Restart"), ["on-failure"])
        self.assertEqual(values_of(self.text, "RestartPreventExitStatus"), ["2"])
        self.assertEqual(values_of(self.text, "SuccessExitStatus"), [])

    def test_a_stop_has_the_time_that_its_steps_may_take(self):
        source = pathlib.Path(os.environ["TAPELINE_SOURCE"]) / "src/app/live/live.cc"
        deadlines = re.findall(r"\.deadline = std::chrono::seconds\((\d+)\)",
                               source.read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(deadlines), 6)
        self.assertGreater(int(values_of(self.text, "TimeoutStopSec")[0].rstrip("s")),
                           sum(map(int, deadlines)))


if __name__ == "__main__":
    unittest.main()
