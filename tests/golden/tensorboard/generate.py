"""Writes events.out.tfevents.golden with TensorBoard's own record writer, and scalars.json with what TensorBoard reads in it.

    python3.11 -m venv /tmp/tensorboard && /tmp/tensorboard/bin/pip install tensorboard==2.21.0 setuptools
    /tmp/tensorboard/bin/python generate.py            # writes both
    /tmp/tensorboard/bin/python generate.py FILE       # prints what TensorBoard reads in another event file
"""

import json
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

HERE = pathlib.Path(__file__).parent
# Zero, a step of several bytes, numbers that float32 rounds, NaN and infinity, a tag that is not ASCII.
EVENTS = [
    (1.5, 0, {"epoch/loss": 0.6931471805599453, "epoch/accuracy": 0.5}),
    (1764000000.25, 1, {"epoch/loss": 1e-40, "epoch/accuracy": float("nan")}),
    (1764000001.75, 300, {"step/loss": float("inf")}),
    (1764000002.0, 2**33 + 5, {"step/größe": -3.25}),
]


def write(path):
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        writer.write(Event(wall_time=1.25, file_version="brain.Event:2").SerializeToString())
        for wall_time, step, values in EVENTS:
            summary = Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])
            writer.write(Event(wall_time=wall_time, step=step, summary=summary).SerializeToString())
        writer.flush()


def read(path):
    accumulator = EventAccumulator(str(path))
    accumulator.Reload()
    return {
        tag: [[event.wall_time, event.step, str(event.value)] for event in accumulator.Scalars(tag)]
        for tag in sorted(accumulator.Tags()["scalars"])
    }


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(read(sys.argv[1]), ensure_ascii=False, indent=1))
    else:
        golden = HERE / "events.out.tfevents.golden"
        write(golden)
        (HERE / "scalars.json").write_text(json.dumps(read(golden), ensure_ascii=False) + "\n", encoding="utf-8")
