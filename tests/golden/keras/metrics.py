"""metrics.json: which accuracy "accuracy" becomes, and its value after each of two batches of different sizes.

`metrics` ignores sample weights, `weightedMetrics` uses them; both leave masked steps out. `results` are the
running values after each batch.
"""

import numpy as np
from setting import generator, keras, mask_of, with_mask
from keras.src.trainers.compile_utils import CompileMetrics  # after setting, which chooses the backend

BATCHES = [4, 3]


def batch(rng, kind, size, steps, classes, mask, weights):
    shape = (size, steps) if steps else (size,)
    scores = np.round(rng.uniform(0.05, 0.95, size=(*shape, classes)), 3)
    if kind == "binary":
        y_true = rng.integers(0, 2, size=scores.shape)
    elif kind == "binary, flat labels":
        y_true = rng.integers(0, 2, size=shape)
    else:
        y_true = rng.integers(0, classes, size=shape)
        y_true = np.eye(classes, dtype=int)[y_true] if kind == "categorical" else y_true
        y_true = y_true[..., None] if kind == "sparse, last axis 1" else y_true
    weight = np.round(rng.uniform(0, 2, size=shape), 3) if weights else None
    return {"yTrue": y_true, "yPred": scores, "mask": mask_of(mask, steps, [3, 5, 2, 4][:size]), "sampleWeight": weight}


def case(kind, classes, steps=0, mask="none", weights=False, name=None, batches=None):
    name = name or ", ".join(
        [kind, f"{classes} outputs", *[f"{steps} steps"] * bool(steps), *[f"{mask} mask"] * (mask != "none")]
        + ["sample weights"] * weights
    )
    rng = generator(name)
    batches = batches or [batch(rng, kind, size, steps, classes, mask, weights) for size in BATCHES]
    metrics = CompileMetrics(["accuracy"], ["accuracy"])
    results = []
    for given in batches:
        y_true = keras.ops.convert_to_tensor(given["yTrue"], dtype="float64")
        y_pred = with_mask(keras.ops.convert_to_tensor(given["yPred"]), given["mask"])
        metrics.update_state(y_true, y_pred, sample_weight=given["sampleWeight"])
        results.append({key: float(value) for key, value in metrics.result().items()})
    resolved = type(metrics.metrics[0]).__name__
    return {
        "name": name,
        "metrics": ["accuracy"],
        "weightedMetrics": ["accuracy"],
        "resolved": resolved[0].lower() + resolved[1:],
        "batches": batches,
        "results": results,
    }


def cases():
    result = []
    for kind, classes in [("binary", 1), ("binary, flat labels", 1), ("categorical", 3), ("categorical", 2), ("sparse", 3), ("sparse, last axis 1", 3)]:
        result += [case(kind, classes, weights=w) for w in [False, True]]
    for kind, classes in [("binary", 1), ("categorical", 3), ("sparse", 3)]:
        result += [case(kind, classes, steps=5), case(kind, classes, steps=5, weights=True)]
        result += [case(kind, classes, steps=5, mask=m, weights=w) for m in ["right", "rowMasked"] for w in [False, True]]
    edge = {"mask": None, "sampleWeight": None}
    result.append(case("binary", 1, name="binary, exactly 0.5 is class 0", batches=[
        {"yTrue": np.array([[0], [1], [1]]), "yPred": np.array([[0.5], [0.5], [0.501]]), **edge}]))
    result.append(case("sparse", 3, name="sparse, the first of equal scores wins", batches=[
        {"yTrue": np.array([0, 1, 2]), "yPred": np.array([[0.4, 0.4, 0.2], [0.4, 0.4, 0.2], [0.1, 0.1, 0.8]]), **edge}]))
    return result
