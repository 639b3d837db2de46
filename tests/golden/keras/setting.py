"""What every section shares: Keras in float64, seeded arrays, layers from tables, gradients, JSON.

The backend is JAX unless KERAS_BACKEND says otherwise. Outside TensorFlow, Keras demotes every float64
result to float32 by one table; that entry is lifted here, nothing else of Keras is changed.
"""

import os
import re
import zlib

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
from keras.src.backend.common import dtypes
from keras.src.backend.common.masking import set_keras_mask

BACKEND = keras.backend.backend()
if BACKEND == "jax":
    import jax

    jax.config.update("jax_enable_x64", True)
    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
else:
    import tensorflow as tf
keras.config.set_floatx("float64")
keras.utils.disable_interactive_logging()

LAYERS = {
    "simpleRNN": keras.layers.SimpleRNN,
    "lstm": keras.layers.LSTM,
    "gru": keras.layers.GRU,
    "bidirectional": keras.layers.Bidirectional,
    "dense": keras.layers.Dense,
    "embedding": keras.layers.Embedding,
    "reversibleEmbedding": keras.layers.ReversibleEmbedding,
    "timeDistributed": keras.layers.TimeDistributed,
    "globalAveragePooling1D": keras.layers.GlobalAveragePooling1D,
    "globalMaxPooling1D": keras.layers.GlobalMaxPooling1D,
    "flatten": keras.layers.Flatten,
    "masking": keras.layers.Masking,
    "activation": keras.layers.Activation,
    "dropout": keras.layers.Dropout,
    "attention": keras.layers.Attention,
    "additiveAttention": keras.layers.AdditiveAttention,
    "add": keras.layers.Add,
    "subtract": keras.layers.Subtract,
    "multiply": keras.layers.Multiply,
    "average": keras.layers.Average,
    "maximum": keras.layers.Maximum,
    "minimum": keras.layers.Minimum,
    "concatenate": keras.layers.Concatenate,
    "layerNormalization": keras.layers.LayerNormalization,
    "repeatVector": keras.layers.RepeatVector,
    "conv1D": keras.layers.Conv1D,
    "conv2D": keras.layers.Conv2D,
    "maxPooling1D": keras.layers.MaxPooling1D,
    "maxPooling2D": keras.layers.MaxPooling2D,
    "averagePooling1D": keras.layers.AveragePooling1D,
    "averagePooling2D": keras.layers.AveragePooling2D,
    "globalAveragePooling2D": keras.layers.GlobalAveragePooling2D,
    "globalMaxPooling2D": keras.layers.GlobalMaxPooling2D,
    "reshape": keras.layers.Reshape,
    "permute": keras.layers.Permute,
}
LOSSES = {
    "binaryCrossentropy": keras.losses.BinaryCrossentropy,
    "categoricalCrossentropy": keras.losses.CategoricalCrossentropy,
    "sparseCategoricalCrossentropy": keras.losses.SparseCategoricalCrossentropy,
    "meanSquaredError": keras.losses.MeanSquaredError,
    "meanAbsoluteError": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "logCosh": keras.losses.LogCosh,
    "meanAbsolutePercentageError": keras.losses.MeanAbsolutePercentageError,
    "meanSquaredLogarithmicError": keras.losses.MeanSquaredLogarithmicError,
    "cosineSimilarity": keras.losses.CosineSimilarity,
    "poisson": keras.losses.Poisson,
    "kullbackLeiblerDivergence": keras.losses.KLDivergence,
    "hinge": keras.losses.Hinge,
    "squaredHinge": keras.losses.SquaredHinge,
    "categoricalHinge": keras.losses.CategoricalHinge,
    "binaryFocalCrossentropy": keras.losses.BinaryFocalCrossentropy,
    "categoricalFocalCrossentropy": keras.losses.CategoricalFocalCrossentropy,
}
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD,
    "rmsprop": keras.optimizers.RMSprop,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "adamax": keras.optimizers.Adamax,
    "nadam": keras.optimizers.Nadam,
    "adagrad": keras.optimizers.Adagrad,
    "adadelta": keras.optimizers.Adadelta,
    "lion": keras.optimizers.Lion,
}


def snake(name):
    return re.sub(r"([A-Z]|\d$)", lambda m: "_" + m.group(1).lower(), name)


def from_table(table, spec):
    """A Keras object from {"type": ..., camelCase options}; a nested layer is itself such a table."""
    options = {snake(key): value for key, value in spec.items() if key != "type"}
    if "layer" in options:
        options["layer"] = from_table(table, options["layer"])
    return table[spec["type"]](**options)


def generator(name):
    """Seeded by the case's name, so adding a case leaves the others as they were."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def normal(rng, *shape, scale=0.6):
    """Three decimals: short in JSON, and exact there."""
    return np.round(rng.normal(size=shape) * scale, 3) + 0.0


MASKS = {
    "right": lambda t, lengths: [[int(i < n) for i in range(t)] for n in lengths],
    "left": lambda t, lengths: [[int(i >= t - n) for i in range(t)] for n in lengths],
    "holes": lambda t, lengths: [[int((i + 2 * k) % 3 != 0) for i in range(t)] for k in range(len(lengths))],
    "rowMasked": lambda t, lengths: [[int(k != 1 and i != k) for i in range(t)] for k in range(len(lengths))],
}


def mask_of(kind, steps, lengths):
    return None if kind == "none" else np.array(MASKS[kind](steps, lengths), dtype=bool)


def with_mask(tensor, mask):
    if mask is not None:
        set_keras_mask(tensor, keras.ops.convert_to_tensor(mask, dtype="bool"))
    return tensor


def value_and_gradients(function, arguments, continuous=True):
    """function: list of arrays -> (scalar, outputs). Each result is checked against a central difference
    along one random direction through all arguments at once, unless the function jumps there."""
    arrays = [np.asarray(a, dtype="float64") for a in arguments]
    if BACKEND == "jax":
        (value, outputs), gradients = jax.value_and_grad(function, has_aux=True)([jax.numpy.asarray(a) for a in arrays])
    else:
        tensors = [tf.constant(a) for a in arrays]
        with tf.GradientTape() as tape:
            tape.watch(tensors)
            value, outputs = function(tensors)
        gradients = [tf.convert_to_tensor(g) for g in tape.gradient(value, tensors, unconnected_gradients="zero")]
    gradients = [np.asarray(g) for g in gradients]
    value = np.asarray(value)
    assert value.dtype == np.float64 and all(g.dtype == np.float64 for g in gradients)

    if continuous and np.isfinite(value):
        rng, step = np.random.default_rng(5), 1e-6
        directions = [rng.normal(size=a.shape) for a in arrays]
        ahead, behind = (
            float(function([keras.ops.convert_to_tensor(a + sign * step * d) for a, d in zip(arrays, directions)])[0])
            for sign in (1, -1)
        )
        slope = sum((g * d).sum() for g, d in zip(gradients, directions))
        assert abs((ahead - behind) / (2 * step) - slope) < 1e-7 * (1 + abs(slope)), (slope, ahead, behind)
    return value, outputs, gradients


def plain(value):
    """Arrays to nested lists, floats to 15 significant digits, NaN to null."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if not isinstance(value, (int, float)):
        array = np.asarray(value)
        return plain((array.astype(int) if array.dtype == bool else array).tolist())
    if isinstance(value, int):
        return value
    if value != value:
        return None
    rounded = float(f"{value:.15g}")
    return int(rounded) if rounded == int(rounded) else rounded
