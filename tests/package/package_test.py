#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The package in a bare Debian 12, where nothing but the essential packages is installed.

    tests/package/package_test.py ARCHIVE.tar.gz [TEST...]

mmdebstrap makes the bare system once a month, into the user's cache; each run unpacks a copy and
throws it away. The tests run there in a mount and process space of their own.
"""
import csv, hashlib, io, os, pathlib, re, shutil, signal, subprocess, sys, tarfile, tempfile, time
import unittest, urllib.request

ARCHIVE = None
CACHES = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
CACHE = CACHES / "tapeline"
BARE = CACHE / "bare-debian12.tar"
BARE_SECONDS_MAX = 30 * 24 * 3600
DEADLINE = 60
TRADES = """symbol,trade_id,ts_event,price,size,side
BTC-USD,1,2024-01-01T00:00:01Z,42000.10,0.5,buy
BTC-USD,2,2024-01-01T00:00:59Z,42001.00,0.25,sell
BTC-USD,3,2024-01-01T00:01:02Z,42002.00,1,buy
"""


def make_bare():
    """Complete or not there."""
    if BARE.exists() and time.time() - BARE.stat().st_mtime < BARE_SECONDS_MAX:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = BARE.with_suffix(f".{os.getpid()}.tar")
    try:
        subprocess.run(["mmdebstrap", "--quiet", "--variant=essential", "bookworm", unfinished],
                       check=True)
        unfinished.rename(BARE)
    finally:
        unfinished.unlink(missing_ok=True)


class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not shutil.which("mmdebstrap"):
            raise RuntimeError("mmdebstrap is not installed: run script/bootstrap")
        make_bare()
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_package_"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.root = cls.folder / "root"
        cls.root.mkdir()
        subprocess.run(["tar", "-xf", BARE, "--exclude=./dev/*", "-C", cls.root], check=True)
        # Anywhere, and not where it was made.
        cls.place = "/srv/some where"
        (cls.root / cls.place[1:]).mkdir(parents=True)
        subprocess.run(["tar", "-xzf", ARCHIVE, "--strip-components=1", "-C",
                        cls.root / cls.place[1:]], check=True)
        cls.installed = cls.root / cls.place[1:]

    def command(self, *args):
        inside = ["chroot", str(self.root), "/usr/bin/env", "-i", "HOME=/tmp", "PATH=/usr/bin:/bin",
                  f"{self.place}/bin/tapeline", *args]
        user = [] if os.geteuid() == 0 else ["--map-root-user"]
        return ["unshare", *user, "--mount", "--pid", "--fork", "--kill-child",
                f"--mount-proc={self.root}/proc", *inside]

    def run_it(self, *args, status=0, text=None):
        done = subprocess.run(self.command(*args), capture_output=True, text=True, input=text,
                              timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def test_the_system_is_bare(self):
        for name in ("libssl.so.3", "librocksdb.so.7.8", "libstdc++.so.6", "libfmt.so.9"):
            self.assertEqual(list((self.root / "usr/lib").rglob(name)), [], name)
        release = (self.root / "etc/os-release").read_text()
        self.assertIn('VERSION_ID="12"', release)

    def test_it_says_what_it_is(self):
        version = re.search(r"tapeline-([\d.]+)-linux-x86_64", ARCHIVE.name)[1]
        self.assertTrue(self.run_it("--version").stdout.startswith(f"tapeline {version} "))

    def test_it_makes_bars_of_a_small_file(self):
        done = self.run_it("replay", "-", "--input-format", "trades-csv", "--venue", "coinbase",
                           text=TRADES)
        bars = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual([(bar["open"], bar["close"], bar["volume"], bar["trades"])
                          for bar in bars],
                         [("42000.1", "42001", "0.75", "2"), ("42002", "42002", "1", "1")])

    def test_a_demo_runs_and_agrees_with_the_truth(self):
        done = self.run_it("demo", "--duration", "5s", "--faults", "mild,lose=1%")
        self.assertIn("truth: equal", done.stderr)
        self.assertEqual(list((self.root / "tmp").glob("tapeline-*")), [])

    def test_the_page_is_served(self):
        if not (self.installed / "share/tapeline/web").exists():
            # Only where there is none to be packed.
            self.assertFalse((pathlib.Path(__file__).parents[2] / "web").exists())
            return
        process = subprocess.Popen(self.command("demo", "--port", "18180"), text=True,
                                   stderr=subprocess.PIPE)
        try:
            address = next(line.strip() for line in process.stderr if line.startswith("http://"))
            page = urllib.request.urlopen(address, timeout=DEADLINE).read().decode()
            self.assertIn("<title>", page)
            for asset in re.findall(r'(?:src|href)="(/?assets/[^"]+)"', page):
                urllib.request.urlopen(f"{address.rstrip('/')}/{asset.lstrip('/')}").read()
            with urllib.request.urlopen(f"{address.rstrip('/')}/api/v1/status") as status:
                self.assertIn(b'"simulated"', status.read())
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            process.stderr.close()

    def test_everything_that_is_shipped_has_its_licence(self):
        index = dict(line.split() for line in
                     (self.installed / "licences/INDEX").read_text().splitlines())
        libraries = {path.name for path in (self.installed / "lib").glob("*.so*")}
        self.assertEqual(set(index), libraries)
        for licence in (*index.values(), "libboost1.81-dev.txt", "libcli11-dev.txt"):
            text = (self.installed / "licences" / licence).read_text(errors="replace")
            self.assertRegex(text, "(?i)licen[cs]e|copyright", licence)
        notice = (self.installed / "NOTICE").read_text()
        for word in ("DuckDB", "Apache License", "Boost"):
            self.assertIn(word, notice)
        self.assertTrue((self.installed / "LICENSE").read_text().strip())

    def test_page_completion_and_unit_lie_where_they_belong(self):
        for path, part in (("share/man/man1/tapeline.1", ".TH TAPELINE 1"),
                           ("share/bash-completion/completions/tapeline", "complete "),
                           ("share/zsh/site-functions/_tapeline", "#compdef tapeline"),
                           ("share/fish/vendor_completions.d/tapeline.fish", "complete -c"),
                           ("lib/systemd/system/tapeline.service", "[Service]")):
            self.assertIn(part, (self.installed / path).read_text(), path)

    def test_the_sum_is_right_and_nothing_lies_outside(self):
        said, name = pathlib.Path(f"{ARCHIVE}.sha256").read_text().split()
        self.assertEqual((said, name),
                         (hashlib.sha256(ARCHIVE.read_bytes()).hexdigest(), ARCHIVE.name))
        top = ARCHIVE.name.removesuffix(".tar.gz")
        with tarfile.open(ARCHIVE) as archive:
            for member in archive:
                self.assertTrue((member.name + "/").startswith(top + "/"), member.name)
                self.assertEqual((member.uid, member.mode & 0o022), (0, 0), member.name)


if __name__ == "__main__":
    ARCHIVE = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
