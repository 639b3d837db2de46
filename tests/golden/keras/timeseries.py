"""timeseries.json: the batches of timeseries_dataset_from_array. The function needs TensorFlow, whatever the backend."""

from setting import keras, np

OPTIONS = {
    "sequenceLength": "sequence_length",
    "sequenceStride": "sequence_stride",
    "samplingRate": "sampling_rate",
    "batchSize": "batch_size",
    "startIndex": "start_index",
    "endIndex": "end_index",
}
TABLE = [
    {"rows": 11, "sequenceLength": 3},
    {"rows": 11, "targets": 11, "sequenceLength": 3, "batchSize": 4},
    {"rows": 11, "targets": 6, "sequenceLength": 3, "batchSize": 4},
    {"rows": 13, "targets": 13, "sequenceLength": 4, "sequenceStride": 3, "batchSize": 2},
    {"rows": 17, "targets": 17, "sequenceLength": 4, "samplingRate": 3, "batchSize": 5},
    {"rows": 19, "targets": 19, "sequenceLength": 3, "samplingRate": 2, "sequenceStride": 2, "startIndex": 3, "endIndex": 16, "batchSize": 3},
    {"rows": 12, "targets": 12, "sequenceLength": 2, "startIndex": 5, "batchSize": 4},
    {"rows": 12, "targets": 12, "sequenceLength": 2, "endIndex": 7, "batchSize": 4},
    {"rows": 10, "columns": 2, "targets": 10, "sequenceLength": 3, "batchSize": 3},
    {"rows": 10, "columns": 2, "targets": 10, "targetColumns": 2, "sequenceLength": 3, "samplingRate": 2, "batchSize": 4},
    {"rows": 9, "targets": 9, "sequenceLength": 3, "batchSize": None},
    {"rows": 9, "sequenceLength": 9, "batchSize": 2},
    {"rows": 9, "targets": 9, "sequenceLength": 1, "batchSize": 4},
]


def series(rows, columns):
    shape = (rows,) if columns is None else (rows, columns)
    return np.arange(np.prod(shape), dtype="float64").reshape(shape)


def case(spec):
    options = {OPTIONS[name]: value for name, value in spec.items() if name in OPTIONS}
    data = series(spec["rows"], spec.get("columns"))
    targets = None if "targets" not in spec else -series(spec["targets"], spec.get("targetColumns"))
    made = keras.utils.timeseries_dataset_from_array(data, targets, **options)
    name = ", ".join(f"{k}={v}" for k, v in spec.items())
    batches = [[part.numpy() for part in batch] if targets is not None else [batch.numpy()] for batch in made]
    return {"name": name, **spec, "batches": batches}


def cases():
    return [case(spec) for spec in TABLE]
