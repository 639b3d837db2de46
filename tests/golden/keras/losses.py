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


def labels(rng, loss, shape):
    if loss == "binaryCrossentropy":
        return rng.integers(0, 2, size=shape)
    if loss.startswith("mean"):
        return normal(rng, *shape, scale=1)
    classes = rng.integers(0, shape[-1], size=shape[:-1])
    return classes if loss.startswith("sparse") else np.eye(shape[-1], dtype=int)[classes]


def predictions(rng, loss, shape, logits):
    if logits or loss.startswith("mean"):
        return normal(rng, *shape, scale=1.5)
    if loss == "binaryCrossentropy":
        return np.round(rng.uniform(0.03, 0.97, size=shape), 3)
    raw = rng.uniform(0.1, 1, size=shape)  # softmax output, but for rounding: Keras divides by the sum
    return np.round(raw / raw.sum(-1, keepdims=True), 3)


def case(loss, shape, mask="none", weights=None, name=None, y_true=None, y_pred=None, **options):
    words = [k if v is True else f"{k}={v}" for k, v in options.items()]
    words += [f"{mask} mask"] * (mask != "none") + [f"sample weights {weights}"] * (weights is not None)
    name = name or ", ".join([loss, "×".join(map(str, shape)), *words])
    rng = generator(name)
    y_true = labels(rng, loss, shape) if y_true is None else np.array(y_true)
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
