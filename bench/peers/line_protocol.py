"""The Python side of line-protocol.ts: reads workloads, answers one JSON line per request.

A peer is an object with `prepare(task, workload) -> {"check": [...], "versions": {...}}`, `run() -> None` for one run, and, if it trains,
`start(task, workload) -> {"loss": ...}`.
"""

import json
import resource
import sys
import time
import traceback
from pathlib import Path

import numpy as np


class Cannot(Exception):
    """A workload is beyond this peer."""


class Workload:
    """What write-workload.ts wrote."""

    def __init__(self, folder):
        self.folder = Path(folder)
        manifest = json.loads((self.folder / "workload.json").read_text())
        self.task = manifest["workload"]["task"]
        self.time = manifest["workload"]["time"]
        self.model = manifest["workload"]["model"]
        self.x = self._read("x", manifest["x"])
        self.y = self._read("y", manifest["y"])
        self.weights = [
            self._read(f"weight-{i}", {"shape": shape, "type": "float"})
            for i, shape in enumerate(manifest["weights"])
        ]

    def _read(self, name, described):
        dtype = np.int32 if described["type"] == "int" else np.float32
        return np.fromfile(self.folder / f"{name}.bin", dtype).reshape(described["shape"])


def respond(peer, request):
    if request["do"] in ("prepare", "start"):
        workload = Workload(request["folder"])
        if request["do"] == "prepare":
            return peer.prepare(request, workload)
        return peer.start(request, workload)
    if request["do"] == "run":
        times = []
        for _ in range(request["count"]):
            begin = time.perf_counter()
            peer.run()
            times.append(1e3 * (time.perf_counter() - begin))
        return {"times": times}
    if request["do"] == "memory":
        kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return {"peak": kibibytes / 1024 / (1024 if sys.platform == "darwin" else 1)}
    raise ValueError(f"unknown request {request['do']}")


def serve(peer):
    for line in sys.stdin:
        try:
            answer = respond(peer, json.loads(line))
        except Cannot as reason:
            answer = {"cannot": str(reason)}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}\n{traceback.format_exc()}"}
        print(json.dumps(answer), flush=True)
