"""summaries.json: what summary() prints in a terminal of 80 columns (one case: 120), in float32 as users see it.

`inputShape` goes to the first layer, `build` to model.build, `fit` is one step on zeros; each is null if absent.
`lineLength` null means the default: four columns less than the terminal, and 88 at most. The forms that a deferred
build shows after fit (static shapes, optimizer sizes) are the JAX backend's; see the README.
"""

import os

import numpy as np
from setting import LAYERS, OPTIMIZERS, from_table, keras

SIMPLE = {"type": "simpleRNN", "units": 4}
SEQUENCE = {**SIMPLE, "returnSequences": True}
IMDB = [
    {"type": "embedding", "inputDim": 10000, "outputDim": 32},
    {"type": "simpleRNN", "units": 32},
    {"type": "dense", "units": 1, "activation": "sigmoid"},
]
TAGS = {"type": "timeDistributed", "layer": {"type": "dense", "units": 4, "activation": "softmax"}}
LONG = [
    {"type": "masking", "maskValue": 0.0, "name": "leave_out_the_padding_of_every_measured_sequence"},
    {"type": "simpleRNN", "units": 7, "returnSequences": True, "name": "reader"},
    {"type": "dropout", "rate": 0.5, "name": "forget_half_of_it_now"},
    {"type": "flatten"},
    {"type": "dense", "units": 1200, "name": "a_wide_layer"},
    {"type": "activation", "activation": "relu", "name": "rectifier_without_any_weight"},
    {"type": "dense", "units": 3, "activation": "softmax", "name": "the.decision-layer"},
]


def case(name, layers, input_shape=None, build=None, fit=None, line_length=None, frozen=(), model_name=None, terminal=80):
    keras.backend.clear_session()
    keras.config.set_floatx("float32")
    built = [from_table(LAYERS, layer) for layer in layers]
    model = keras.Sequential([keras.Input(input_shape), *built] if input_shape else built, name=model_name)
    if build:
        model.build(tuple(build))
    if fit:
        model.compile(optimizer=from_table(OPTIMIZERS, fit["optimizer"]), loss=fit["loss"])
        x = np.zeros(fit["xShape"], dtype="int32" if layers[0]["type"] == "embedding" else "float32")
        model.fit(x, np.zeros(fit["yShape"], dtype="float32"), epochs=1, verbose=0)
    for index in frozen:
        model.layers[index].trainable = False
    pieces = []
    os.environ["COLUMNS"] = str(terminal)
    model.summary(line_length=line_length, print_fn=pieces.append)
    keras.config.set_floatx("float64")
    return {
        "name": name,
        "modelName": model_name,
        "layers": layers,
        "inputShape": input_shape,
        "build": build,
        "fit": fit,
        "frozenLayers": list(frozen),
        "terminalColumns": terminal,
        "lineLength": line_length,
        "text": "".join(pieces),
    }


def cases():
    one = {"type": "dense", "units": 1}
    mse = {"loss": "mean_squared_error", "xShape": [5, 3, 2], "yShape": [5, 1]}
    imdb_fit = {"optimizer": {"type": "rmsprop"}, "loss": "binary_crossentropy", "xShape": [3, 5], "yShape": [3, 1]}
    return [
        case("simpleRNN", [SIMPLE], [3, 2]),
        case("simpleRNN, dense", [SIMPLE, one], [3, 2]),
        case("simpleRNN, dense, after fitting with sgd", [SIMPLE, one], [3, 2], fit={"optimizer": {"type": "sgd"}, **mse}),
        case("simpleRNN, dense, after fitting with adam", [SIMPLE, one], [3, 2], fit={"optimizer": {"type": "adam"}, **mse}),
        case("simpleRNN sequences, timeDistributed dense", [SEQUENCE, TAGS], [3, 2]),
        case("two simpleRNN", [SEQUENCE, SIMPLE], [3, 2]),
        case("two simpleRNN, any number of steps", [SEQUENCE, SIMPLE], [None, 2]),
        case("imdb, not built", IMDB),
        case("imdb, built", IMDB, build=[None, None]),
        case("imdb, built with a batch size", IMDB, build=[128, 500]),
        case("imdb, after fitting with rmsprop", IMDB, fit=imdb_fit),
        case("imdb, built, then fitted with rmsprop", IMDB, build=[None, None], fit=imdb_fit),
        case("imdb, built, first layer frozen", IMDB, build=[None, None], frozen=[0]),
        case("lstm, gru", [{"type": "lstm", "units": 5, "returnSequences": True}, {"type": "gru", "units": 6}], [None, 3]),
        case("long names", LONG, [10, 2], model_name="a_model_with_a_name_of_its_own"),
        case("long names, 60 columns", LONG, [10, 2], line_length=60),
        case("long names, 120 columns", LONG, [10, 2], terminal=120),
        case("long names, not built", LONG),
    ]
