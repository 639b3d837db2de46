"""losses.json: a loss's value and its gradient for the prediction, with sample weights and masks.

A mask is the one a recurrent or masking layer attaches to the prediction. Labels: floats in the prediction's
shape, or for the sparse loss integers with one axis less (one case keeps a last axis of 1).
"""

import numpy as np
from setting import LOSSES, from_table, generator, mask_of, normal, value_and_gradients, with_mask

SHAPES = {
    "binaryCrossentropy": [(4, 1), (4, 3), (3, 5, 1), (3, 5, 2)],
    "categoricalCrossentropy": [(4, 3), (3, 5, 2)],
    "sparseCategoricalCrossentropy": [(4, 3), (3, 5, 2)],
    "meanSquaredError": [(4, 1), (4, 3), (3, 5, 2)],
    "meanAbsoluteError": [(4, 1), (4, 3), (3, 5, 2)],
}
# Losses with one form, and two options at most: fewer cases each.
FURTHER = [
    ("huber", [{}, {"delta": 0.7}]),
    ("logCosh", [{}]),
    ("meanAbsolutePercentageError", [{}]),
    ("meanSquaredLogarithmicError", [{}]),
    ("cosineSimilarity", [{}]),
    ("poisson", [{}]),
    ("kullbackLeiblerDivergence", [{}]),
    ("hinge", [{}]),
    ("squaredHinge", [{}]),
    ("categoricalHinge", [{}]),
    ("binaryFocalCrossentropy", [
        {},
        {"gamma": 3, "fromLogits": True, "labelSmoothing": 0.1},
        {"gamma": 1.5, "alpha": 0.4, "applyClassBalancing": True},
    ]),
    ("categoricalFocalCrossentropy", [{}, {"gamma": 1.5, "alpha": 0.4, "fromLogits": True, "labelSmoothing": 0.1}]),
    ("sparseCategoricalCrossentropy", [{"ignoreClass": 1}, {"ignoreClass": -1, "fromLogits": True}]),
]
POSITIVE = ["poisson", "meanSquaredLogarithmicError"]
REAL = ["huber", "logCosh", "cosineSimilarity", "hinge", "squaredHinge", "categoricalHinge"]


def shares(rng, shape):
    raw = rng.uniform(0.1, 1, size=shape)  # softmax output, but for rounding: Keras divides by the sum
    return np.round(raw / raw.sum(-1, keepdims=True), 3)


def labels(rng, loss, shape, ignore=None):
    if loss in POSITIVE:
        return rng.integers(0, 4, size=shape)
    if loss in ["huber", "logCosh", "cosineSimilarity"]:
        return normal(rng, *shape, scale=1)
    if loss == "kullbackLeiblerDivergence":
        return shares(rng, shape)
    if loss in ["hinge", "squaredHinge", "binaryFocalCrossentropy"]:
        return rng.integers(0, 2, size=shape)
    if loss == "binaryCrossentropy":
        return rng.integers(0, 2, size=shape)
    if loss.startswith("mean"):
        return normal(rng, *shape, scale=1)
    classes = rng.integers(0, shape[-1], size=shape[:-1])
    if ignore is not None:
        classes = np.where(rng.uniform(size=classes.shape) < 0.4, ignore, classes)
    return classes if loss.startswith("sparse") else np.eye(shape[-1], dtype=int)[classes]


def predictions(rng, loss, shape, logits):
    if loss in POSITIVE:
        return np.round(rng.uniform(0.1, 4, size=shape), 3)
    if logits or loss in REAL or loss.startswith("mean"):
        return normal(rng, *shape, scale=1.5)
    if loss.startswith("binary"):
        return np.round(rng.uniform(0.03, 0.97, size=shape), 3)
    return shares(rng, shape)


def case(loss, shape, mask="none", weights=None, name=None, y_true=None, y_pred=None, **options):
    words = [k if v is True else f"{k}={v}" for k, v in options.items()]
    words += [f"{mask} mask"] * (mask != "none") + [f"sample weights {weights}"] * (weights is not None)
    name = name or ", ".join([loss, "×".join(map(str, shape)), *words])
    rng = generator(name)
    y_true = labels(rng, loss, shape, options.get("ignoreClass")) if y_true is None else np.array(y_true)
    y_pred = predictions(rng, loss, shape, options.get("fromLogits")) if y_pred is None else np.array(y_pred)
    weight = None if weights is None else np.round(rng.uniform(0, 2, size=weights), 3)
    mask = mask_of(mask, shape[1], [3, 5, 2])
    built = from_table(LOSSES, {"type": loss, **options})

    def value_of(arguments):
        value = built(y_true, with_mask(arguments[0], mask), sample_weight=weight)
        return value, value

    clipped = loss == "binaryCrossentropy" and bool(np.isin(y_pred, [0, 1]).any())
    value, _, gradients = value_and_gradients(value_of, [y_pred], continuous=not clipped)
    return {
        "name": name,
        "loss": {"type": loss, **options},
        "yTrue": y_true,
        "yPred": y_pred,
        "mask": mask,
        "sampleWeight": weight,
        "value": value,
        "gradPred": gradients[0],
    }


def cases():
    result = []
    for loss, shapes in SHAPES.items():
        cross = loss.endswith("Crossentropy")
        smooth = cross and not loss.startswith("sparse")
        forms = [{}, {"fromLogits": True}] if cross else [{}]
        forms += [{**form, "labelSmoothing": 0.1} for form in forms] if smooth else []
        for shape in shapes:
            result += [case(loss, shape, **form) for form in forms]
            first = forms[-1]
            result.append(case(loss, shape, weights=(shape[0],) if len(shape) == 2 else (3, 5), **first))
            if len(shape) == 3:
                result += [case(loss, shape, mask=m, **first) for m in ["right", "left", "rowMasked"]]
                result.append(case(loss, shape, mask="holes", weights=(3, 5), **first))
                result.append(case(loss, shape, weights=(3, 1), **first))
            elif shape[1] > 1:
                result.append(case(loss, shape, reduction="sum", weights=(4, 1), **first))
    for loss, forms in FURTHER:
        for form in forms:
            result += [case(loss, (4, 3), **form), case(loss, (4, 3), weights=(4,), **form)]
            result += [case(loss, (3, 5, 2), mask=m, **form) for m in ["right", "left"]]
            result.append(case(loss, (3, 5, 2), mask="holes", weights=(3, 5), **form))
    signs = np.array([[1, -1, 1], [-1, -1, 1], [1, 1, -1], [-1, 1, 1]])
    result += [case(loss, (4, 3), name=f"{loss}, targets -1 and 1", y_true=signs) for loss in ["hinge", "squaredHinge"]]
    result.append(case("meanSquaredError", (3, 5, 2), mask="right", reduction="sum"))
    clipped = [[0.0], [1.0], [0.0], [1.0]], [[0.0], [1.0], [1.0], [0.25]]
    result.append(case("binaryCrossentropy", (4, 1), name="binaryCrossentropy, clipped probabilities", y_true=clipped[0], y_pred=clipped[1]))
    flat = generator("flat labels").integers(0, 2, size=(4,))
    result.append(case("binaryCrossentropy", (4, 1), name="binaryCrossentropy, labels without the last axis", y_true=flat))
    result.append(case("meanSquaredError", (4, 1), name="meanSquaredError, labels without the last axis", y_true=[1.0, -0.5, 0.25, 2.0]))
    result.append(case("sparseCategoricalCrossentropy", (4, 3), name="sparseCategoricalCrossentropy, labels with a last axis of 1", y_true=[[2], [0], [1], [1]]))
    wide = [[30.0], [-40.0], [35.0], [-2.0]]
    result.append(case("binaryCrossentropy", (4, 1), name="binaryCrossentropy, large logits", y_true=[[0], [0], [1], [1]], y_pred=wide, fromLogits=True))
    far = [[30.0, -20.0, 1.0], [-700.0, 5.0, 4.0], [0.0, 800.0, 2.0], [1.0, 2.0, 3.0]]
    result.append(case("sparseCategoricalCrossentropy", (4, 3), name="sparseCategoricalCrossentropy, large logits", y_true=[1, 1, 1, 0], y_pred=far, fromLogits=True))
    return result
