"""stateful.json: stateful layers over batches that follow one another, in training and in prediction.

Two training steps, each going on from the states of the one before it (x[0], x[1]: different lengths), then three
predictions of x[2]: going on, going on once more, and after the states were reset.
"""

import numpy as np
from setting import LAYERS, from_table, generator, keras, normal

BATCH, FEATURES, LENGTHS = 3, 2, [4, 5, 3]


def case(name, *layers, padded=False):
    rng = generator(name)
    rows = [{**layer, "stateful": True, "returnSequences": True} for layer in layers] + [{"type": "dense", "units": 1}]
    if padded:
        rows.insert(0, {"type": "masking"})
    model = keras.Sequential([keras.Input(batch_shape=(BATCH, None, FEATURES)), *[from_table(LAYERS, row) for row in rows]])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss="mean_squared_error")
    weights = [normal(rng, *w.shape) for w in model.get_weights()]
    model.set_weights(weights)
    x = [normal(rng, BATCH, length, FEATURES, scale=1) for length in LENGTHS]
    if padded:
        for array in x:
            array[0, -1] = 0
            array[2, 1] = 0
    y = [normal(rng, BATCH, length, 1) for length in LENGTHS[:2]]
    losses = [float(model.train_on_batch(a, b)) for a, b in zip(x, y)]
    trained = model.get_weights()

    def predict():
        return np.asarray(model.predict_on_batch(x[2]))

    outputs = [predict(), predict()]
    for layer in model.layers:
        if getattr(layer, "stateful", False) and hasattr(layer, "reset_state"):
            layer.reset_state()
    outputs.append(predict())
    return {
        "name": name,
        "layers": rows,
        "weights": weights,
        "x": x,
        "y": y,
        "losses": losses,
        "trainedWeights": trained,
        "outputs": outputs,
    }


def cases():
    simple, lstm, gru = ({"type": name, "units": 4} for name in ["simpleRNN", "lstm", "gru"])
    return [
        case("simpleRNN", simple),
        case("lstm", lstm),
        case("gru", gru),
        case("gru without resetAfter", {**gru, "resetAfter": False}),
        case("gru below lstm", gru, {**lstm, "units": 3}),
        case("lstm with padding", lstm, padded=True),
    ]
