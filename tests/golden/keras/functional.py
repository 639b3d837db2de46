"""functional.json: functional models trained for some steps from given weights, and what summary() prints of them.

A graph is a table: layers by name, then their uses in order. A value is [input] or [layer, use, output]; a recurrent
layer's further inputs are its initial state. losses[k] is the loss of the batch before its update.
"""

import os

import numpy as np
from setting import LAYERS, LOSSES, OPTIMIZERS, from_table, generator, keras, normal

STEPS, BATCH, TIME, HEARD = 5, 6, 5, 4
EMBEDDING = {"type": "embedding", "inputDim": 9, "outputDim": 3, "maskZero": True}
STATEFUL = {"returnSequences": True, "returnState": True}
RECURRENT = ("simpleRNN", "lstm", "gru", "bidirectional")


def graph_of(table, dtypes):
    values = {name: [[keras.Input(shape, dtype=dtypes[name], name=name)]] for name, shape in table["inputs"].items()}
    layers = {name: from_table(LAYERS, {**spec, "name": name}) for name, spec in table["layers"].items()}

    def at(value):
        name, use, index = [*value, 0, 0][:3]
        return values[name][use][index]

    for name, read in table["calls"]:
        inputs = [at(value) for value in read]
        recurrent = table["layers"][name]["type"] in RECURRENT
        if recurrent and len(inputs) > 1:
            # Beside an initial state Keras forgets the mask unless it is given by hand.
            made = layers[name](inputs[0], initial_state=inputs[1:], mask=getattr(inputs[0], "_keras_mask", None))
        elif table["layers"][name]["type"] == "reversibleEmbedding":
            made = layers[name](inputs[0], reverse=len(inputs[0].shape) > 2)
        else:
            made = layers[name](inputs if len(inputs) > 1 else inputs[0])
        values.setdefault(name, []).append(list(made) if isinstance(made, (list, tuple)) else [made])
    return [values[name][0][0] for name in table["inputs"]], [at(value) for value in table["outputs"]]


def summary_of(model, terminal, **options):
    pieces = []
    os.environ["COLUMNS"] = str(terminal)
    model.summary(print_fn=pieces.append, **options)
    return "".join(pieces)


def case(name, table, x, y, losses, loss_weights=None, metrics=None):
    optimizer = {"type": "sgd", "learningRate": 0.3}
    dtypes = {key: "int32" if value.dtype.kind == "i" else "float64" for key, value in zip(table["inputs"], x)}
    keras.backend.clear_session()
    model = keras.Model(*graph_of(table, dtypes), name="golden")
    rng = generator(name + " weights")
    weights = [normal(rng, *w.shape, scale=0.1 if w.ndim == 1 else 0.5) for w in model.get_weights()]
    model.set_weights(weights)
    model.compile(
        optimizer=from_table(OPTIMIZERS, optimizer),
        loss=[from_table(LOSSES, loss) for loss in losses],
        loss_weights=loss_weights,
        metrics=metrics,
    )
    first = model.predict(x, verbose=0)
    order = generator(name + " batches")
    batches = [sorted(order.choice(BATCH, size=4 - (k % 3 == 2), replace=False).tolist()) for k in range(STEPS)]
    trained = []
    for rows in batches:
        logs = model.train_on_batch([a[rows] for a in x], [a[rows] for a in y], return_dict=True)
        trained.append(float(logs["loss"]))
        model.reset_metrics()
    listed = lambda outputs: list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
    return {
        "name": name,
        "graph": table,
        "compile": {"optimizer": optimizer, "loss": losses, "lossWeights": loss_weights, "metrics": metrics},
        "initialWeights": weights,
        "x": x,
        "y": y,
        "firstPredictions": listed(first),
        "batches": batches,
        "losses": trained,
        "finalWeights": model.get_weights(),
        "evaluate": model.evaluate(x, y, batch_size=3, verbose=0, return_dict=True),
        "predictions": listed(model.predict(x, verbose=0)),
    }


def drawn(name, model_name=None, terminal=80, table=None, **options):
    keras.backend.clear_session()
    keras.config.set_floatx("float32")
    # With masks Keras lists the operations that make them, too; they are no layers.
    unmasked = {key: {k: v for k, v in spec.items() if k != "maskZero"} for key, spec in table["layers"].items()}
    table = {**table, "layers": unmasked}
    dtypes = {key: "int32" if len(shape) == 1 else "float32" for key, shape in table["inputs"].items()}
    model = keras.Model(*graph_of(table, dtypes), name=model_name)
    text = summary_of(model, terminal, **options)
    keras.config.set_floatx("float64")
    camel = {"line_length": "lineLength", "show_trainable": "showTrainable"}
    return {
        "name": name,
        "graph": table,
        "modelName": model_name,
        "terminalColumns": terminal,
        "options": {camel[key]: value for key, value in options.items()},
        "summary": text,
    }


TWINS = {
    "inputs": {"question": [None], "answer": [None], "facts": [2]},
    "layers": {
        "words": EMBEDDING,
        "reader": {"type": "gru", "units": 4},
        "both": {"type": "concatenate"},
        "steps": {"type": "simpleRNN", "units": 5, "returnSequences": True},
        "fits": {"type": "dense", "units": 1, "activation": "sigmoid"},
        "tags": {"type": "dense", "units": 3, "activation": "softmax"},
    },
    "calls": [
        ["words", [["question"]]],
        ["words", [["answer"]]],
        ["reader", [["words", 0, 0]]],
        ["reader", [["words", 1, 0]]],
        ["both", [["reader", 0, 0], ["reader", 1, 0], ["facts"]]],
        ["fits", [["both", 0, 0]]],
        ["steps", [["words", 1, 0]]],
        ["tags", [["steps", 0, 0]]],
    ],
    "outputs": [["fits", 0, 0], ["tags", 0, 0]],
}
TRANSLATOR = {
    "inputs": {"source": [None], "target": [None]},
    "layers": {
        "source_words": {**EMBEDDING, "inputDim": 8},
        "target_words": {**EMBEDDING, "inputDim": 7, "outputDim": 2},
        "encoder": {"type": "lstm", "units": 4, "returnState": True},
        "decoder": {"type": "lstm", "units": 4, **STATEFUL},
        "next": {"type": "dense", "units": 7, "activation": "softmax"},
    },
    "calls": [
        ["source_words", [["source"]]],
        ["target_words", [["target"]]],
        ["encoder", [["source_words", 0, 0]]],
        ["decoder", [["target_words", 0, 0], ["encoder", 0, 1], ["encoder", 0, 2]]],
        ["next", [["decoder", 0, 0]]],
    ],
    "outputs": [["next", 0, 0]],
}
ATTENDING = {
    "inputs": {"source": [None], "target": [None]},
    "layers": {
        "source_words": {**EMBEDDING, "inputDim": 8},
        "target_words": {**EMBEDDING, "inputDim": 7, "outputDim": 2},
        "encoder": {"type": "bidirectional", "layer": {"type": "gru", "units": 3, **STATEFUL}},
        "state": {"type": "concatenate"},
        "decoder": {"type": "gru", "units": 6, **STATEFUL},
        "attention": {"type": "additiveAttention"},
        "beside": {"type": "concatenate"},
        "next": {"type": "dense", "units": 7, "activation": "softmax"},
    },
    "calls": [
        ["source_words", [["source"]]],
        ["encoder", [["source_words", 0, 0]]],
        ["state", [["encoder", 0, 1], ["encoder", 0, 2]]],
        ["target_words", [["target"]]],
        ["decoder", [["target_words", 0, 0], ["state", 0, 0]]],
        ["attention", [["decoder", 0, 0], ["encoder", 0, 0]]],
        ["beside", [["decoder", 0, 0], ["attention", 0, 0]]],
        ["next", [["beside", 0, 0]]],
    ],
    "outputs": [["next", 0, 0]],
}
TIED = {
    "inputs": {"words": [None]},
    "layers": {
        "vocabulary": {"type": "reversibleEmbedding", "inputDim": 9, "outputDim": 3},
        "reader": {"type": "lstm", "units": 4, "returnSequences": True},
        "meaning": {"type": "dense", "units": 3},
    },
    "calls": [
        ["vocabulary", [["words"]]],
        ["reader", [["vocabulary", 0, 0]]],
        ["meaning", [["reader", 0, 0]]],
        ["vocabulary", [["meaning", 0, 0]]],
    ],
    "outputs": [["vocabulary", 1, 0]],
}
CHAIN = {
    "inputs": {"series": [None, 3]},
    "layers": {"reader": {"type": "lstm", "units": 4}, "value": {"type": "dense", "units": 1}},
    "calls": [["reader", [["series"]]], ["value", [["reader", 0, 0]]]],
    "outputs": [["value", 0, 0]],
}


def padded_ids(rng, time, vocabulary):
    x = rng.integers(1, vocabulary, size=(BATCH, time)).astype("int32")
    for row, length in enumerate(rng.integers(1, time + 1, size=BATCH)):
        x[row, length:] = 0
    return x


def cases():
    rng = generator("functional data")
    question, answer = padded_ids(rng, TIME, 9), padded_ids(rng, HEARD, 9)
    source, target = padded_ids(rng, TIME, 8), padded_ids(rng, HEARD, 7)
    following = np.concatenate([target[:, 1:], np.zeros((BATCH, 1), "int32")], 1)
    sparse, binary = {"type": "sparseCategoricalCrossentropy"}, {"type": "binaryCrossentropy"}
    twins = [question, answer, normal(rng, BATCH, 2)], [rng.integers(0, 2, (BATCH, 1)).astype("float64"), rng.integers(0, 3, (BATCH, HEARD))]
    translation = [source, target], [following]
    weighed = {"loss_weights": [0.7, 1.5], "metrics": [["accuracy"], ["accuracy"]]}
    return [
        case("three inputs, shared layers, two outputs", TWINS, *twins, [binary, sparse], **weighed),
        case("encoder and decoder", TRANSLATOR, *translation, [sparse]),
        case("encoder read both ways, attention over padding", ATTENDING, *translation, [sparse]),
        drawn("summary of shared layers", table=TWINS),
        drawn("summary of shared layers, 120 columns", terminal=120, table=TWINS),
        drawn("summary of shared layers, trainable shown", terminal=130, table=TWINS, show_trainable=True),
        drawn("summary of encoder and decoder", "translator", table=TRANSLATOR, terminal=100),
        drawn("summary of attention", "attending", table=ATTENDING, line_length=70),
        drawn("summary of a chain", table=CHAIN),
    ]


def tied_cases():
    rng = generator("tied data")
    words = rng.integers(0, 9, (BATCH, TIME + 1)).astype("int32")
    logits = {"type": "sparseCategoricalCrossentropy", "fromLogits": True}
    return [case("a language model whose embedding is read both ways", TIED, [words[:, :-1]], [words[:, 1:]], [logits])]
