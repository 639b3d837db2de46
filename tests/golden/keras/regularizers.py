"""regularizers.json: what weights cost, what they are held to, and both while a model trains.

A model's losses are those of train_on_batch, cost included; its weights are those after every step.
"""

import numpy as np
from setting import LAYERS, LOSSES, OPTIMIZERS, from_table, generator, keras, normal, value_and_gradients

PENALTIES = {
    "l1": keras.regularizers.L1,
    "l2": keras.regularizers.L2,
    "l1l2": keras.regularizers.L1L2,
    "orthogonalRegularizer": keras.regularizers.OrthogonalRegularizer,
}
LIMITS = {
    "maxNorm": keras.constraints.MaxNorm,
    "nonNeg": keras.constraints.NonNeg,
    "unitNorm": keras.constraints.UnitNorm,
    "minMaxNorm": keras.constraints.MinMaxNorm,
}


def regularizer_of(spec):
    made = PENALTIES[spec["type"]](**{key: value for key, value in spec.items() if key != "type"})
    # TensorFlow would round factors to float32, whatever the precision of the weights.
    for factor in ["l1", "l2", "factor"]:
        if hasattr(made, factor):
            default = 0.0 if spec["type"] == "l1l2" else 0.01
            setattr(made, factor, np.float64(spec.get(factor, default)))
    return made


def title(spec):
    return ", ".join([spec["type"], *[f"{k}={v}" for k, v in spec.items() if k != "type"]])


def penalty(spec, shape=(3, 4)):
    weight = normal(generator(title(spec)), *shape, scale=1)
    regularizer = regularizer_of(spec)
    value, _, (gradient,) = value_and_gradients(lambda arguments: (regularizer(arguments[0]), None), [weight])
    return {"name": title(spec), "regularizer": spec, "weight": weight, "penalty": value, "gradient": gradient}


def limit(spec, shape=(3, 4)):
    weight = normal(generator(title(spec)), *shape, scale=1.5)
    constraint = from_table(LIMITS, spec)
    return {"name": title(spec), "constraint": spec, "weight": weight, "held": constraint(keras.ops.convert_to_tensor(weight))}


def with_rules(spec):
    """The layer of a table whose options ending in Regularizer or Constraint are themselves tables."""
    rules = {
        key: regularizer_of(value) if key.endswith("Regularizer") else from_table(LIMITS, value)
        for key, value in spec.items()
        if key.endswith(("Regularizer", "Constraint"))
    }
    return from_table(LAYERS, {**spec, **rules})


def training(name, layers, x, y, loss, optimizer):
    rng = generator(name)
    model = keras.Sequential([keras.layers.Input(x.shape[1:], dtype=x.dtype), *[with_rules(layer) for layer in layers]])
    weights = [normal(rng, *w.shape) for w in model.weights]
    model.set_weights(weights)
    model.compile(optimizer=from_table(OPTIMIZERS, optimizer), loss=from_table(LOSSES, loss), jit_compile=False)
    losses = [model.train_on_batch(x, y) for _ in range(4)]
    return {
        "name": name,
        "layers": layers,
        "loss": loss,
        "optimizer": optimizer,
        "x": x,
        "y": y,
        "initialWeights": weights,
        "losses": [float(np.asarray(value)) for value in losses],
        "finalWeights": model.get_weights(),
        "evaluate": float(np.asarray(model.evaluate(x, y, batch_size=4, verbose=0))),
    }


def trainings():
    rng = generator("regularizers")
    ids, sequence = rng.integers(0, 7, size=(11, 5)), normal(rng, 11, 5, 2, scale=1)
    binary, target = rng.integers(0, 2, size=(11, 1)), normal(rng, 11, 3, scale=1)
    sgd, rms = {"type": "sgd", "learningRate": 0.2}, {"type": "rmsprop", "learningRate": 0.05}
    l1, l2 = {"type": "l1", "l1": 0.02}, {"type": "l2", "l2": 0.05}
    both, right = {"type": "l1l2", "l1": 0.01, "l2": 0.03}, {"type": "orthogonalRegularizer", "factor": 0.2}
    words = [
        {"type": "embedding", "inputDim": 7, "outputDim": 3, "embeddingsRegularizer": l2, "embeddingsConstraint": {"type": "unitNorm", "axis": 1}},
        {"type": "lstm", "units": 4, "kernelRegularizer": l1, "recurrentRegularizer": right, "biasConstraint": {"type": "nonNeg"}},
        {"type": "dense", "units": 1, "activation": "sigmoid", "kernelRegularizer": both, "biasRegularizer": l2},
    ]
    series = [
        {"type": "gru", "units": 4, "recurrentConstraint": {"type": "maxNorm", "maxValue": 0.7}, "kernelConstraint": {"type": "minMaxNorm", "minValue": 0.4, "maxValue": 0.6, "rate": 0.5}},
        {"type": "layerNormalization", "gammaRegularizer": l2, "betaConstraint": {"type": "nonNeg"}},
        {"type": "dense", "units": 3, "kernelConstraint": {"type": "unitNorm"}},
    ]
    frozen = [{"type": "simpleRNN", "units": 4, "kernelRegularizer": l2, "trainable": False}, {"type": "dense", "units": 3, "kernelRegularizer": l1}]
    return [
        training("costs: embedding, lstm, dense", words, ids, binary, {"type": "binaryCrossentropy"}, sgd),
        training("limits: gru, normalization, dense", series, sequence, target, {"type": "meanSquaredError"}, rms),
        training("what is not trained costs nothing", frozen, sequence, target, {"type": "meanSquaredError"}, sgd),
    ]


def cases():
    penalties = [{"type": "l1"}, {"type": "l2"}, {"type": "l1l2"}, {"type": "l1l2", "l1": 0.03, "l2": 0.2}]
    penalties += [{"type": "orthogonalRegularizer"}, {"type": "orthogonalRegularizer", "factor": 0.7, "mode": "columns"}]
    limits = [{"type": "maxNorm"}, {"type": "maxNorm", "maxValue": 1, "axis": 1}, {"type": "nonNeg"}, {"type": "unitNorm"}]
    limits += [{"type": "unitNorm", "axis": [0, 1]}, {"type": "minMaxNorm"}]
    limits.append({"type": "minMaxNorm", "minValue": 1, "maxValue": 1.5, "rate": 0.3, "axis": 1})
    return [penalty(spec) for spec in penalties] + [limit(spec) for spec in limits] + trainings()
