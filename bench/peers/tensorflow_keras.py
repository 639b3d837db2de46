"""Keras on TensorFlow as a measured process: its layers, losses and optimizers, trained by `train_on_batch`.

Variant "function" takes the same step in a tf.function of one's own, which spares `train_on_batch`'s bookkeeping. The gradient of an
embedding arrives as slices; RMSprop squares them before it adds up those of the same word, so W1's losses part after the first step.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import line_protocol
import tensorflow as tf

losses = {
    "binaryCrossentropy": keras.losses.BinaryCrossentropy,
    "sparseCategoricalCrossentropy": keras.losses.SparseCategoricalCrossentropy,
    "meanSquaredError": keras.losses.MeanSquaredError,
}
optimizers = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}


def model_of(spec, shape):
    units = spec["units"]
    layers = [keras.Input(shape[1:], batch_size=shape[0], dtype="int32" if spec["vocabulary"] else "float32")]
    if spec["vocabulary"]:
        layers.append(keras.layers.Embedding(spec["vocabulary"], spec["features"]))
    kind = keras.layers.LSTM if spec["cell"] == "lstm" else keras.layers.SimpleRNN
    for i, count in enumerate(units):
        layer = kind(count, return_sequences=spec["everyStep"] or i + 1 < len(units))
        layers.append(keras.layers.Bidirectional(layer) if spec["bidirectional"] else layer)
    last = keras.layers.Dense(spec["outputs"], activation=spec["activation"])
    layers.append(keras.layers.TimeDistributed(last) if spec["timeDistributed"] else last)
    model = keras.Sequential(layers)
    optimizer = optimizers[spec["optimizer"]](
        learning_rate=float(spec["learningRate"]), global_clipnorm=spec["globalClipnorm"]
    )
    model.compile(optimizer=optimizer, loss=losses[spec["loss"]]())
    return model


class Keras:
    versions = {"keras": keras.__version__, "tensorflow": tf.__version__, "python": sys.version.split()[0]}

    def build(self, task, workload):
        tf.config.threading.set_intra_op_parallelism_threads(task["threads"])
        tf.config.threading.set_inter_op_parallelism_threads(task["threads"])
        if workload.task == "generate":
            raise line_protocol.Cannot("one step with the state carried is not what its Sequential is for")
        self.model = model_of(workload.model, workload.x.shape)
        self.x, self.y = tf.constant(workload.x), tf.constant(workload.y)

    def prepare(self, task, workload):
        self.build(task, workload)
        self.model.set_weights(workload.weights)
        if workload.task == "predict":
            predict = tf.function(lambda x: self.model(x, training=False))
            self.run = lambda: predict(self.x).numpy()
            check = [float(value) for value in self.run().reshape(-1)[:4]]
        else:
            self.run = self.trainer(task)
            check = [float(self.run()) for _ in range(3)]
        return {"check": check, "versions": self.versions}

    def trainer(self, task):
        if task.get("variant") != "function":
            return self.train_on_batch
        model = self.model

        @tf.function
        def step(x, y):
            with tf.GradientTape() as tape:
                loss = model.loss(y, model(x, training=True))
            model.optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
            return loss

        model.optimizer.build(model.trainable_variables)
        return lambda: step(self.x, self.y).numpy()

    def train_on_batch(self):
        loss = float(self.model.train_on_batch(self.x, self.y))
        self.model.reset_metrics()
        return loss

    def start(self, task, workload):
        self.build(task, workload)
        return {"loss": float(self.trainer(task)())}


line_protocol.serve(Keras())
