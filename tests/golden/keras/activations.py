"""activations.json: every activation by name over a range of numbers, and its slope there."""

import numpy as np
from setting import generator, keras, normal, value_and_gradients

NAMES = [
    "linear", "relu", "relu6", "leaky_relu", "elu", "celu", "selu", "softplus", "softsign", "silu", "hard_silu", "mish", "gelu",
    "tanh", "hard_tanh", "sigmoid", "hard_sigmoid", "log_sigmoid", "exponential", "squareplus", "soft_shrink", "hard_shrink",
    "tanh_shrink", "sparse_plus", "sparse_sigmoid", "softmax", "log_softmax",
]  # fmt: skip
# On both sides of every bend, and far out; none on a bend.
NUMBERS = np.array([[-20.5, -6.5, -3.25, -2.75, -1.5, -0.75], [-0.4, -0.001, 0.001, 0.3, 0.7, 1.2], [2.4, 3.4, 5.5, 6.5, 8.25, 20.5]])


def cases():
    result = []
    for name in NAMES:
        coefficients = normal(generator(name), *NUMBERS.shape, scale=1)

        def loss(arguments, function=keras.activations.get(name), coefficients=coefficients):
            output = function(arguments[0])
            return keras.ops.sum(output * coefficients), output

        # The exponential of 20.5 is too steep for the generator's own comparison with a difference.
        _, output, (gradient,) = value_and_gradients(loss, [NUMBERS], name != "exponential")
        result.append({"name": name, "x": NUMBERS, "coefficients": coefficients, "output": output, "gradient": gradient})
    return result
