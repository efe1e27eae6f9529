# SPDX-License-Identifier: Apache-2.0
"""A live run against one simulated venue, in a folder of its own that goes when it ends."""
import json, os, pathlib, re, shutil, ssl, subprocess, sys, tempfile, time, urllib.request


class LiveRun:
    def __init__(self, binary):
        self.binary = binary
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tapeline_live_run_"))
        self.processes = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.terminate()
            process.wait()
        shutil.rmtree(self.folder)

    def start(self, name, *args):
        log = self.folder / f"{name}.log"
        process = subprocess.Popen([self.binary, *map(str, args)], stderr=open(log, "wb"),
                                   stdout=subprocess.DEVNULL)
        self.processes.append(process)
        return process, log

    def wait_for(self, log, pattern):
        for _ in range(1500):
            if found := re.search(pattern, log.read_text()):
                return found
            time.sleep(0.02)
        sys.exit(f"waited for {pattern}: {log.read_text()}")

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.address}{path}") as answer:
            return json.loads(answer.read())

    def ask_venue(self, path, data=None):
        with urllib.request.urlopen(f"https://{self.venue}{path}", data=data,
                                    context=self.context) as answer:
            return answer.read().decode()

    def begin(self, rate, markets=6, stream="{shards: 1}", journal="{}", backfill=True):
        """Waits for the first price. `stream` and `journal` are as in the configuration."""
        ca = self.folder / "ca.pem"
        self.sim, log = self.start("sim", "sim", "--venue", "coinbase", "--listen", "127.0.0.1:0",
                                   "--ca-out", ca, "--seed", 7, "--rate", rate,
                                   "--markets", markets)
        self.venue = self.wait_for(log, r"127\.0\.0\.1:\d+")[0]
        self.context = ssl.create_default_context(cafile=str(ca))
        symbols = [product["id"] for product in json.loads(self.ask_venue("/products"))]
        self.config = self.folder / "tapeline.yaml"
        self.config.write_text(
            f"data_dir: {self.folder}/data\nfeeds:\n  - venue: coinbase\n"
            f"    symbols: [{', '.join(symbols)}]\n    channels: [trades]\n"
            f"    endpoint: wss://{self.venue}/\n    rest_endpoint: https://{self.venue}\n"
            f"    ca_file: {ca}\n    backfill: {str(backfill).lower()}\n"
            f'serve: {{listen: "127.0.0.1:0"}}\nstream: {stream}\njournal: {journal}\n')
        self.run, log = self.start("run", "--config", self.config, "run")
        self.address = self.wait_for(log, r"the page is served address=http://(\S+)")[1]
        for _ in range(200):
            instruments = self.get("/api/v1/instruments")["instruments"]
            if instruments and instruments[0]["last"]:
                break
            time.sleep(0.05)
        self.instruments = [i["instrument"] for i in instruments]

    def cpu(self, process=None):
        """Processor seconds so far, of the run unless another is named."""
        pid = (process or self.run).pid
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
