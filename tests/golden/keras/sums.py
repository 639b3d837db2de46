"""sums.json: metrics that are sums over batches, after each of two batches; ctc.json: CTC and its gradient; readings of it.

Class numbers are one-hot for Keras, except for the sparse metrics.
"""

import numpy as np
from setting import generator, keras, normal, value_and_gradients

METRICS = {
    "precision": keras.metrics.Precision,
    "recall": keras.metrics.Recall,
    "f1Score": keras.metrics.F1Score,
    "auc": keras.metrics.AUC,
    "topKCategoricalAccuracy": keras.metrics.TopKCategoricalAccuracy,
    "sparseTopKCategoricalAccuracy": keras.metrics.SparseTopKCategoricalAccuracy,
    "rootMeanSquaredError": keras.metrics.RootMeanSquaredError,
}
BATCHES = [7, 5]


def case(kind, classes, ours, weights=False, **theirs):
    name = ", ".join([kind, f"{classes} outputs", *[f"{k}={v}" for k, v in ours.items()], *["sample weights"] * weights])
    rng = generator(name)
    metric = METRICS[kind](**theirs)
    batches, results = [], []
    for size in BATCHES:
        scores = np.round(rng.uniform(0.02, 0.98, size=(size, classes)), 3)
        if classes == 1:
            y_true = rng.integers(0, 2, size=(size, 1))
        else:
            y_true = rng.integers(0, classes, size=size)
            y_true = y_true if kind.startswith("sparse") else np.eye(classes, dtype=int)[y_true]
        weight = np.round(rng.uniform(0, 2, size=size), 3) if weights else None
        metric.update_state(y_true, scores, sample_weight=weight)
        batches.append({"yTrue": y_true, "yPred": scores, "sampleWeight": weight})
        results.append(float(np.asarray(metric.result())))
    return {"name": name, "metric": {"type": kind, **ours}, "batches": batches, "results": results}


def cases():
    result = []
    for weights in [False, True]:
        for kind in ["precision", "recall"]:
            result.append(case(kind, 1, {}, weights))
            result.append(case(kind, 4, {"threshold": 0.3}, weights, thresholds=0.3))
            result.append(case(kind, 4, {"threshold": 0.6, "classId": 2}, weights, thresholds=0.6, class_id=2))
        for average in ["micro", "macro", "weighted"]:
            result.append(case("f1Score", 4, {"average": average}, weights, average=average))
            ours = {"average": average, "threshold": 0.4}
            result.append(case("f1Score", 4, ours, weights, average=average, threshold=0.4))
        for curve in ["ROC", "PR"]:
            result.append(case("auc", 1, {"curve": curve}, weights, curve=curve))
            result.append(case("auc", 3, {"curve": curve, "numThresholds": 11}, weights, curve=curve, num_thresholds=11))
        result.append(case("topKCategoricalAccuracy", 6, {"k": 2}, weights, k=2))
        result.append(case("sparseTopKCategoricalAccuracy", 6, {"k": 3}, weights, k=3))
        result.append(case("rootMeanSquaredError", 3, {}, weights))
    return result


def ctc_case(name, labels, lengths, classes=4, steps=6):
    rng = generator(name)
    logits = normal(rng, len(labels), steps, classes, scale=1.5)
    labels = np.array(labels)
    label_lengths = (labels != 0).sum(-1)

    def value_of(arguments):
        losses = keras.ops.ctc_loss(labels, arguments[0], label_lengths, np.array(lengths), mask_index=0)
        return keras.ops.mean(losses), losses

    value, losses, gradients = value_and_gradients(value_of, [logits])
    readings = {}
    for strategy in ["greedy", "beam_search"]:
        options = {} if strategy == "greedy" else {"beam_width": 300, "top_paths": 3}
        decoded, scores = keras.ops.ctc_decode(logits, np.array(lengths), strategy=strategy, mask_index=0, **options)
        readings[strategy] = [[[int(i) for i in row if i >= 0] for row in path] for path in np.asarray(decoded)]
        if strategy == "beam_search":
            readings["scores"] = np.asarray(scores)
    return {"name": name, "logits": logits, "labels": labels, "lengths": lengths, "value": value,
            "losses": np.asarray(losses), "gradient": gradients[0], "readings": readings}


def ctc_cases():
    return [
        ctc_case("all steps", [[1, 2, 0], [3, 3, 1], [2, 0, 0]], [6, 6, 6]),
        ctc_case("sequences of several lengths", [[1, 2, 0], [3, 3, 0], [2, 1, 3]], [5, 3, 6]),
    ]
