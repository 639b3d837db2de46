"""optimizers.json: two weights, six or twelve given gradients, the weights and slots after every step.

Gradient norms lie on both sides of each clipping limit. `slots` are lists in weight order, named as Keras
names the variables; `variables` is the optimizer's full variable order.
"""

import numpy as np
from setting import OPTIMIZERS, from_table, generator, keras, normal

RULES = [
    {"type": "sgd", "learningRate": 0.05},
    {"type": "sgd", "learningRate": 0.05, "momentum": 0.9},
    {"type": "sgd", "learningRate": 0.05, "momentum": 0.9, "nesterov": True},
    {"type": "rmsprop", "learningRate": 0.02},
    {"type": "rmsprop", "learningRate": 0.02, "rho": 0.8, "momentum": 0.7},
    {"type": "rmsprop", "learningRate": 0.02, "centered": True},
    {"type": "adam", "learningRate": 0.03},
    {"type": "adam", "learningRate": 0.03, "amsgrad": True},
]
EXTRA = [
    {"type": "sgd"},
    {"type": "rmsprop"},
    {"type": "adam"},
    {"type": "rmsprop", "learningRate": 0.02, "momentum": 0.7, "centered": True},
    {"type": "adam", "learningRate": 0.03, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.001},
    {"type": "adam", "learningRate": 0.03, "weightDecay": 0.1},
]
LONG = [
    {"type": "adamw"},
    {"type": "adamw", "learningRate": 0.03, "weightDecay": 0.1, "amsgrad": True},
    {"type": "adamax"},
    {"type": "adamax", "learningRate": 0.03, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.001},
    {"type": "nadam"},
    {"type": "nadam", "learningRate": 0.03, "beta1": 0.7, "beta2": 0.95, "epsilon": 0.001},
    {"type": "nadam", "learningRate": 0.03, "clipnorm": 1.0, "weightDecay": 0.1},
    {"type": "adagrad"},
    {"type": "adagrad", "learningRate": 0.1, "initialAccumulatorValue": 0.3, "epsilon": 0.01, "globalClipnorm": 1.5},
    {"type": "adadelta"},
    {"type": "adadelta", "learningRate": 0.7, "rho": 0.8, "epsilon": 0.01, "weightDecay": 0.1},
    {"type": "lion"},
    {"type": "lion", "learningRate": 0.03, "beta1": 0.6, "beta2": 0.8, "weightDecay": 0.1, "clipvalue": 0.4},
]
CLIPS = [{}, {"clipnorm": 1.0}, {"globalClipnorm": 1.5}, {"clipvalue": 0.4}]
SLOTS = {
    "momentum": ["momentums", "_momentums", "_m"],
    "velocity": ["_velocities"],
    "average_gradient": ["_average_gradients"],
    "velocity_hat": ["_velocity_hats"],
    "norm": ["_u"],
    "accumulator": ["_accumulators"],
    "accumulated_grad": ["_accumulated_grads"],
    "accumulated_delta_var": ["_accumulated_delta_vars"],
}


def slots_of(optimizer):
    found = {}
    for name, attributes in SLOTS.items():
        lists = [getattr(optimizer, a, None) for a in attributes]
        lists = [[v for v in slot if v is not None] for slot in lists if slot]
        if any(lists):
            found[name] = [np.asarray(v.value) for v in next(slot for slot in lists if slot)]
    return found


def case(size=(0.2, 1.5, 0.6, 3, 0.1, 1), **options):
    name = ", ".join([options["type"], *[k if v is True else f"{k}={v}" for k, v in options.items() if k != "type"]])
    rng = generator("optimizers")  # every case starts from the same weights and sees the same gradients
    initial = [normal(rng, 3, 2, scale=1), normal(rng, 4, scale=1)]
    gradients = [[normal(rng, *w.shape, scale=s) for w in initial] for s in size]
    keras.backend.clear_session()
    weights = [keras.Variable(w, name=n) for w, n in zip(initial, ["kernel", "bias"])]
    optimizer = from_table(OPTIMIZERS, options)
    steps = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(g) for g in gradient], weights)
        steps.append({"weights": [np.asarray(w.value) for w in weights], "slots": slots_of(optimizer)})
    assert steps[-1]["weights"][0].dtype == np.float64
    return {
        "name": name,
        "optimizer": options,
        "variables": [v.path for v in optimizer.variables],
        "initialWeights": initial,
        "gradients": gradients,
        "steps": steps,
    }


def cases():
    return [case(**rule, **clip) for rule in RULES for clip in CLIPS] + [case(**extra) for extra in EXTRA] + [
        case(size=(0.2, 1.5, 0.6, 3, 0.1, 1, 0.02, 0.4, 5, 0.3, 1, 0.7), **rule) for rule in LONG
    ]
