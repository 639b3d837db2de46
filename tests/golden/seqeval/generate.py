"""Entity scores of tag sequences, right and wrong, by seqeval 1.2.2 in its default mode, which follows conlleval: scores.json.

pip install seqeval==1.2.2; python generate.py
"""

import json
import pathlib
import random

from seqeval.metrics import accuracy_score, classification_report

TYPES = ["person", "place", "work"]


def tag(draw, letters):
    return "O" if draw.random() < 0.35 else f"{draw.choice(letters)}-{draw.choice(TYPES)}"


def case(seed, letters):
    """Sequences of any tags: most of them break the rules of every scheme."""
    draw = random.Random(seed)
    lengths = [draw.randint(1, 9) for _ in range(draw.randint(1, 8))]
    expected = [[tag(draw, letters) for _ in range(n)] for n in lengths]
    predicted = [[t if draw.random() < 0.6 else tag(draw, letters) for t in row] for row in expected]
    return expected, predicted


def scores(expected, predicted):
    report = classification_report(expected, predicted, output_dict=True, zero_division=0)
    keep = lambda row: [float(row["precision"]), float(row["recall"]), float(row["f1-score"]), int(row["support"])]
    names = [name for name in report if not name.endswith(" avg")]
    return {
        "accuracy": float(accuracy_score(expected, predicted)),
        "all": keep(report["micro avg"]),
        "types": {name: keep(report[name]) for name in names},
    }


cases = []
for letters in ["BI", "I", "BIES"]:
    for seed in range(12):
        expected, predicted = case(seed, letters)
        if all(t == "O" for row in expected + predicted for t in row):
            continue
        cases.append({"expected": expected, "predicted": predicted, **scores(expected, predicted)})

lines = ",\n".join(json.dumps(one) for one in cases)
pathlib.Path(__file__).with_name("scores.json").write_text(f"[\n{lines}\n]\n")
