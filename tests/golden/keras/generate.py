"""Writes the golden files of this folder: `python generate.py [section ...]`; `--check` compares instead.

--check makes the cases anew, on whichever backend KERAS_BACKEND names, and prints the largest difference from
the committed files, so that a second backend can vouch for the first.
"""

import json
import pathlib
import sys

import setting  # noqa: F401, I001 - first, because it chooses the backend before anything imports Keras
import callbacks
import activations
import convolution
import functional
import layers
import losses
import metrics
import numpy as np
import optimizers
import recurrent
import regularizers
import schedules
import several_inputs
import stateful
import summaries
import sums
import timeseries
import training
from setting import BACKEND, keras, plain

HERE = pathlib.Path(__file__).parent
SECTIONS = {
    "simple-rnn": recurrent.simple_rnn,
    "lstm": recurrent.lstm,
    "gru": recurrent.gru,
    "layers": layers.cases,
    "convolution": convolution.cases,
    "activations": activations.cases,
    "several-inputs": several_inputs.cases,
    "regularizers": regularizers.cases,
    "losses": losses.cases,
    "metrics": metrics.cases,
    "optimizers": optimizers.cases,
    "sums": sums.cases,
    "ctc": sums.ctc_cases,
    "schedules": schedules.cases,
    "training": training.cases,
    "functional": functional.cases,
    "tied": functional.tied_cases,
    "stateful": stateful.cases,
    "summaries": summaries.cases,
    "callbacks": callbacks.cases,
    "timeseries": timeseries.cases,
}


def meta(section):
    module = __import__(BACKEND)
    return {
        "keras": keras.__version__,
        "backend": f"{BACKEND} {module.__version__}, cpu",
        "numpy": np.__version__,
        "floatx": "float32" if section == "summaries" else "float64",
        "command": f"python generate.py {section}",
    }


def write(section, cases):
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names), [n for n in names if names.count(n) > 1]
    lines = ",\n".join(json.dumps(plain(case), ensure_ascii=False, allow_nan=False, separators=(",", ":")) for case in cases)
    text = f'{{"meta":{json.dumps(meta(section))},\n"cases":[\n{lines}\n]}}\n'
    json.loads(text)
    (HERE / f"{section}.json").write_text(text, encoding="utf-8")
    print(f"{section}: {len(cases)} cases, {len(text.encode())} bytes")


def difference(ours, theirs, path=""):
    """(largest absolute difference, where); a difference that is not of numbers counts as infinite."""
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return abs(ours - theirs), path
    pairs = []
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        pairs = [difference(ours[k], theirs[k], f"{path}.{k}") for k in ours]
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = [difference(a, b, f"{path}[{i}]") for i, (a, b) in enumerate(zip(ours, theirs))]
    elif ours != theirs:
        return float("inf"), path
    return max(pairs, key=lambda pair: pair[0], default=(0.0, path))


def check(section, cases):
    committed = json.loads((HERE / f"{section}.json").read_text(encoding="utf-8"))["cases"]
    assert [c["name"] for c in committed] == [c["name"] for c in cases]
    results = [(*difference(a, plain(b)), a["name"]) for a, b in zip(committed, cases)]
    off = [r for r in results if r[0] > 1e-10]
    print(f"{section}: {len(results)} cases, {len(off)} differ by more than 1e-10, "
          f"the others by at most {max((r[0] for r in results if r not in off), default=0):.1e}")
    for size, path, name in off:
        print(f"  {name}: {path} by {size:.3g}")


if __name__ == "__main__":
    wanted = [argument for argument in sys.argv[1:] if argument != "--check"]
    for section in wanted or SECTIONS:
        (check if "--check" in sys.argv else write)(section, SECTIONS[section]())
