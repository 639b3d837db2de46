"""training.json: whole models trained from given weights, ten steps by batches or three epochs by fit.

mode "trainOnBatch": step k trains on the samples `batches[k]`; losses[k] and accuracies[k] are that batch's own,
before its update. mode "fit": shuffle off; `batchLogs` are the running logs of each batch of the first epoch.
"""

import numpy as np
from setting import BACKEND, LAYERS, LOSSES, OPTIMIZERS, from_table, generator, keras, normal

STEPS, EVALUATION_BATCH = 10, 5
BINARY = {"type": "binaryCrossentropy"}


def ids(rng, count, time, vocabulary, kind, shortest=0):
    """Padded with 0 on the left, on the right, or both; with shortest 0 sample 2 is nothing but padding."""
    x = rng.integers(1, vocabulary, size=(count, time))
    for k, length in enumerate(rng.integers(1 + shortest, time + 1, size=count)):
        length = 0 if shortest == 0 and k == 2 else length
        before = {"left": time - length, "right": 0, "both": (time - length) // 2}[kind]
        x[k, :before], x[k, before + length :] = 0, 0
    return x


def padded_steps(rng, count, time, features):
    x = normal(rng, count, time, features, scale=1)
    for k, length in enumerate(rng.integers(1, time + 1, size=count)):
        x[k, length:] = 0
    return x


def model_of(layers, shape, dtype, weights, compile_options):
    keras.backend.clear_session()
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(shape, dtype=dtype), *[from_table(LAYERS, layer) for layer in layers]])
    model.compile(
        optimizer=from_table(OPTIMIZERS, compile_options["optimizer"]),
        loss=from_table(LOSSES, compile_options["loss"]),
        metrics=compile_options["metrics"],
        weighted_metrics=compile_options.get("weightedMetrics"),
    )
    model.set_weights(weights)
    return model


def start(name, layers, x, loss, optimizer, metrics, **more):
    rng = generator(name + " weights")
    dtype = "int32" if x.dtype.kind == "i" else "float64"
    shape = list(x.shape[1:])
    compile_options = {"optimizer": optimizer, "loss": loss, "metrics": metrics, **more}
    keras.backend.clear_session()
    shell = keras.Sequential([keras.Input(shape, dtype=dtype), *[from_table(LAYERS, layer) for layer in layers]])
    weights = [normal(rng, *w.shape, scale=0.1 if w.ndim == 1 else 0.5) for w in shell.get_weights()]
    head = {
        "name": name,
        "inputShape": shape,
        "inputDtype": "int" if dtype == "int32" else "float",
        "layers": layers,
        "compile": compile_options,
        "initialWeights": weights,
    }
    return head, lambda: model_of(layers, shape, dtype, weights, compile_options)


def end(model, x, y):
    return {
        "finalWeights": model.get_weights(),
        "optimizerVariables": [{"name": v.path.split("/")[-1], "value": np.asarray(v.value)} for v in model.optimizer.variables],
        "evaluateBatchSize": EVALUATION_BATCH,
        "evaluate": model.evaluate(x, y, batch_size=EVALUATION_BATCH, verbose=0, return_dict=True),
        "predict": model.predict(x, batch_size=EVALUATION_BATCH, verbose=0),
    }


def by_batches(name, layers, x, y, loss, optimizer, metrics, size=4):
    head, make = start(name, layers, x, loss, optimizer, metrics)
    order = generator(name + " batches")
    batches = [sorted(order.choice(len(x), size=size - (k % 3 == 2), replace=False).tolist()) for k in range(STEPS)]
    model, losses, accuracies, trained_accuracies = make(), [], [], []
    for batch in batches:
        # On JAX the mask is lost before the metrics while training, so accuracy is taken just before the step.
        before = model.test_on_batch(x[batch], y[batch], return_dict=True)
        logs = model.train_on_batch(x[batch], y[batch], return_dict=True)
        assert abs(before["loss"] - logs["loss"]) < 1e-12
        losses.append(logs["loss"])
        accuracies.append(before.get("accuracy"))
        trained_accuracies.append(logs.get("accuracy"))
    mask_lost = BACKEND == "jax" and layers[0]["type"] == "masking"
    assert mask_lost or np.allclose(np.array(accuracies, float), np.array(trained_accuracies, float), equal_nan=True)
    assert losses[0] != losses[-1] and model.get_weights()[0].dtype == np.float64
    accuracies = accuracies if metrics else None
    return {**head, "mode": "trainOnBatch", "x": x, "y": y, "batches": batches, "losses": losses, "accuracies": accuracies,
            **end(model, x, y)}


class BatchLogs(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.rows, self.epoch = [], 0

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        if self.epoch == 0:
            self.rows.append({key: float(value) for key, value in sorted(logs.items())})


def by_fit(name, layers, x, y, loss, optimizer, sample_weight=None, class_weight=None, validation=None, split=0.0, weighted=None):
    more = {"weightedMetrics": weighted} if weighted else {}
    head, make = start(name, layers, x, loss, optimizer, ["accuracy"], **more)
    model, batch_logs = make(), BatchLogs()
    fit = {"batchSize": 4, "epochs": 3, "shuffle": False}
    history = model.fit(
        x, y, batch_size=4, epochs=3, shuffle=False, verbose=0, callbacks=[batch_logs], sample_weight=sample_weight,
        class_weight=class_weight, validation_data=validation, validation_split=split,
    )
    fit["sampleWeight"] = sample_weight
    fit["classWeight"] = None if class_weight is None else {str(k): v for k, v in class_weight.items()}
    fit["validationData"] = validation
    fit["validationSplit"] = split
    return {**head, "mode": "fit", "x": x, "y": y, "fit": fit, "batchLogs": batch_logs.rows,
            "history": {k: [float(v) for v in history.history[k]] for k in sorted(history.history)}, **end(model, x, y)}


def cases():
    rng = generator("training data")
    rms = {"type": "rmsprop", "learningRate": 0.03, "globalClipnorm": 0.5}
    adam = {"type": "adam", "learningRate": 0.04}
    sentiment = [
        {"type": "embedding", "inputDim": 9, "outputDim": 3, "maskZero": True},
        {"type": "simpleRNN", "units": 4},
        {"type": "dense", "units": 1, "activation": "sigmoid"},
    ]
    words = ids(rng, 11, 6, 9, "left")
    labels = rng.integers(0, 2, size=11)
    result = [by_batches("a: embedding, simpleRNN, dense", sentiment, words, labels[:, None], BINARY, rms, ["accuracy"])]

    tagging = [
        {"type": "masking", "maskValue": 0.0},
        {"type": "simpleRNN", "units": 4, "returnSequences": True},
        {"type": "timeDistributed", "layer": {"type": "dense", "units": 3, "activation": "softmax"}},
    ]
    sequences = padded_steps(rng, 11, 5, 2)
    tags = rng.integers(0, 3, size=(11, 5))
    sparse = {"type": "sparseCategoricalCrossentropy"}
    result.append(by_batches("b: masking, simpleRNN, timeDistributed dense", tagging, sequences, tags, sparse, adam, ["accuracy"]))

    stacked = [
        {"type": "simpleRNN", "units": 4, "returnSequences": True},
        {"type": "simpleRNN", "units": 3, "activation": "relu"},
        {"type": "dense", "units": 1},
    ]
    series, target = normal(rng, 11, 6, 2, scale=1), normal(rng, 11, 1, scale=1)
    momentum = {"type": "sgd", "learningRate": 0.05, "momentum": 0.9}
    result.append(by_batches("c: two simpleRNN, dense", stacked, series, target, {"type": "meanSquaredError"}, momentum, []))

    topics = [
        {"type": "embedding", "inputDim": 9, "outputDim": 3, "maskZero": True},
        {"type": "simpleRNN", "units": 4, "returnSequences": True},
        {"type": "globalAveragePooling1D"},
        {"type": "dense", "units": 5, "activation": "softmax"},
    ]
    texts = ids(rng, 11, 6, 9, "both", shortest=1)
    one_hot = np.eye(5, dtype=int)[rng.integers(0, 5, size=11)]
    smooth = {"type": "categoricalCrossentropy", "labelSmoothing": 0.1}
    result.append(by_batches("d: embedding, simpleRNN, average, dense", topics, texts, one_hot, smooth, adam, ["accuracy"]))

    held_out = ids(rng, 7, 6, 9, "right"), rng.integers(0, 2, size=7)
    weights, held_weights = np.round(rng.uniform(0.2, 2, size=11), 3), np.round(rng.uniform(0.2, 2, size=7), 3)
    fit = [sentiment, words, labels, BINARY, rms]
    both = {"validation": held_out, "weighted": ["accuracy"]}
    result.append(by_fit("e1: fit with validation data", *fit, validation=held_out))
    result.append(by_fit("e2: fit with sample weights and validation data", *fit, sample_weight=weights, **both))
    result.append(by_fit("e3: fit with class weights and validation data", *fit, class_weight={0: 0.5, 1: 2.5}, **both))
    weighted = (*held_out, held_weights)
    result.append(by_fit("e4: fit with weighted validation data", *fit, sample_weight=weights, validation=weighted, weighted=["accuracy"]))
    result.append(by_fit("e5: fit with a validation split and sample weights", *fit, sample_weight=weights, split=0.3, weighted=["accuracy"]))
    return result
