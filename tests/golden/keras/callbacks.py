"""What Keras's callbacks do with a script of numbers: when they stop, which weights are kept, which learning rate they set."""

from types import SimpleNamespace

from setting import keras

# Better, worse, equal, better by little, worse for long, better again.
SCRIPT = [3.0, 2.0, 2.5, 2.0, 1.99995, 1.9, 2.2, 2.1, 2.3, 1.0, 1.5, 1.4, 1.3, 1.2]


class Model(SimpleNamespace):
    """A model whose only weight is the number of epochs it was trained for."""

    def get_weights(self):
        return self.epochs

    def set_weights(self, weights):
        self.restored = weights


def run(callback, monitor):
    model = Model(epochs=0, restored=None, stop_training=False, optimizer=SimpleNamespace(learning_rate=0.5))
    callback.set_model(model)
    callback.on_train_begin()
    rates = []
    for epoch, value in enumerate(SCRIPT):
        model.epochs = epoch + 1
        callback.on_epoch_end(epoch, {monitor: value})
        rates.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            break
    callback.on_train_end()
    return {"values": SCRIPT, "epochs": model.epochs, "restored": model.restored, "learningRates": rates}


def camel(options):
    names = {"min_lr": "minLR"}
    words = {name: name.split("_") for name in options}
    return {
        names.get(name, words[name][0] + "".join(word.title() for word in words[name][1:])): value
        for name, value in options.items()
    }


EARLY_STOPPING = [
    {},
    {"patience": 2},
    {"patience": 3, "restore_best_weights": True},
    {"patience": 2, "min_delta": 0.05, "restore_best_weights": True},
    {"patience": 2, "min_delta": -0.05},
    {"patience": 1, "start_from_epoch": 3},
    {"patience": 4, "baseline": 1.95},
    {"patience": 3, "baseline": 0.5, "restore_best_weights": True},
    {"patience": 2, "mode": "max"},
    {"patience": 20, "restore_best_weights": True},
]
REDUCE_LR = [
    {"patience": 1},
    {"patience": 2, "factor": 0.5},
    {"patience": 2, "factor": 0.5, "min_delta": 0},
    {"patience": 1, "factor": 0.5, "cooldown": 2},
    {"patience": 2, "factor": 0.5, "cooldown": 1, "min_lr": 0.2},
    {"patience": 1, "factor": 0.25, "mode": "max", "min_delta": 0.3},
]


def cases():
    listed = [("earlyStopping", keras.callbacks.EarlyStopping, EARLY_STOPPING),
              ("reduceLROnPlateau", keras.callbacks.ReduceLROnPlateau, REDUCE_LR)]
    return [
        {"name": f"{name} {camel(options)}", "callback": name, "options": camel(options),
         **run(kind(monitor="val_loss", **options), "val_loss")}
        for name, kind, table in listed for options in table
    ]
