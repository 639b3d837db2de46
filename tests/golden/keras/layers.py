"""layers.json: one layer at a time; loss = sum(output * coefficients), gradients for weights and float inputs."""

import numpy as np
from setting import LAYERS, from_table, generator, keras, mask_of, normal, value_and_gradients

IDS = np.array([[3, 1, 0, 0, 0], [2, 0, 5, 6, 1], [0, 0, 0, 4, 4]])


def case(layer, shape=None, x=None, mask="none", name=None):
    name = name or ", ".join(
        [layer["type"], *[f"{k}={v['type'] if isinstance(v, dict) else v}" for k, v in layer.items() if k != "type"]]
        + [f"{len(shape or x.shape)}-D"] + [f"{mask} mask"] * (mask != "none")
    )
    rng = generator(name)
    x = normal(rng, *shape, scale=1) if x is None else x
    built = from_table(LAYERS, layer)
    built.build(x.shape)
    weights = [normal(rng, *w.shape) for w in built.weights]
    built.set_weights(weights)
    floats = x.dtype.kind == "f"
    mask = mask_of(mask, x.shape[1] if x.ndim > 1 else 0, [3, 5, 2][: len(x)])
    takes_mask = layer["type"] in ("timeDistributed", "globalAveragePooling1D") and mask is not None
    coefficients = normal(rng, *built.compute_output_shape(x.shape), scale=1)

    def loss(arguments):
        given = {"mask": keras.ops.convert_to_tensor(mask)} if takes_mask else {}
        output, _ = built.stateless_call(arguments[: len(weights)], [], arguments[-1] if floats else x, **given)
        return keras.ops.sum(output * coefficients), output

    continuous = layer["type"] != "masking"  # a step leaves the mask as soon as one of its features moves
    value, output, gradients = value_and_gradients(loss, [*weights, x] if floats else weights, continuous)
    produced = built.compute_mask(x, None if mask is None else keras.ops.convert_to_tensor(mask))
    if not built.supports_masking:
        produced = None
    return {
        "name": name,
        "layer": layer,
        "inputDtype": "float" if floats else "int",
        "x": x,
        "mask": mask,
        "weights": weights,
        "coefficients": coefficients,
        "output": output,
        "outputMask": produced,
        "loss": value,
        "gradWeights": gradients[: len(weights)],
        "gradX": gradients[-1] if floats else None,
    }


def cases():
    result = [case({"type": "dense", "units": 4}, (3, 2)), case({"type": "dense", "units": 4, "useBias": False}, (3, 2))]
    for activation in ["softmax", "sigmoid", "relu", "tanh"]:
        result += [case({"type": "dense", "units": 4, "activation": activation}, s) for s in [(3, 2), (3, 5, 2)]]
    result.append(case({"type": "dense", "units": 4}, (3, 5, 2), mask="right"))
    result += [case({"type": "embedding", "inputDim": 7, "outputDim": 4, "maskZero": m}, x=IDS) for m in [False, True]]
    for dense in [{"units": 4}, {"units": 4, "activation": "softmax"}, {"units": 1, "activation": "sigmoid", "useBias": False}]:
        layer = {"type": "timeDistributed", "layer": {"type": "dense", **dense}}
        words = " ".join(str(v) for v in dense.values())
        result += [case(layer, (3, 5, 2), mask=m, name=f"timeDistributed, dense {words}, {m} mask") for m in ["none", "holes"]]
    pool = {"type": "globalAveragePooling1D"}
    result += [case(pool, (3, 5, 2), mask=m) for m in ["none", "right", "left", "holes"]]
    result.append(case(pool, (3, 5, 2), mask="rowMasked", name="globalAveragePooling1D, a row all masked gives NaN (null)"))
    result.append(case({"type": "globalMaxPooling1D"}, (3, 5, 2)))
    result += [case({"type": "flatten"}, s) for s in [(3, 5), (3, 5, 2), (3, 5, 2, 4)]]
    for value in [0.0, -1.0]:
        name = f"masking, maskValue={value:g}"
        x = normal(generator(name), 3, 5, 2, scale=1)
        x[0, 3:], x[1, 1], x[2, :2], x[2, 4, 0] = value, value, value, value
        result.append(case({"type": "masking", "maskValue": value}, x=x, name=name))
    activations = ["linear", "relu", "tanh", "sigmoid", "softmax", "hard_sigmoid", "elu", "selu", "softplus", "gelu"]
    return result + [case({"type": "activation", "activation": a}, (3, 5, 2)) for a in activations]
