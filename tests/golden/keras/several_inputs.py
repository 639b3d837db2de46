"""several-inputs.json: layers that read several inputs (merging, attention), and what goes with them around a decoder.

loss = sum over k of sum(outputs[k] * coefficients[k]); gradients for weights and every input.
"""

from setting import LAYERS, from_table, generator, keras, mask_of, normal, value_and_gradients

CALLED_WITH = {"returnAttentionScores": "return_attention_scores", "useCausalMask": "use_causal_mask"}
BATCH, QUERIES, VALUES, DIM = 3, 5, 4, 2


def case(layer, shapes, masks=None, name=None):
    masks = masks or ["none"] * len(shapes)
    words = [layer["type"], *[f"{k}={v}" for k, v in layer.items() if k != "type"]]
    words += [" ".join("x".join(map(str, shape)) for shape in shapes)] + [f"{m} mask {i}" for i, m in enumerate(masks) if m != "none"]
    name = name or ", ".join(words)
    rng = generator(name)
    built = from_table(LAYERS, {k: v for k, v in layer.items() if k not in CALLED_WITH})
    built.build(list(shapes) if len(shapes) > 1 else shapes[0])
    weights = [normal(rng, *w.shape) for w in built.weights]
    built.set_weights(weights)
    inputs = [normal(rng, *shape, scale=1) for shape in shapes]
    masks = [mask_of(kind, shape[1], [3, 4, 2]) for kind, shape in zip(masks, shapes)]
    tensors = [None if m is None else keras.ops.convert_to_tensor(m) for m in masks]
    given = {python: layer[ours] for ours, python in CALLED_WITH.items() if ours in layer}
    if "ttention" in layer["type"] and any(m is not None for m in masks):
        given["mask"] = tensors

    def outputs_of(arguments):
        own, values = arguments[: len(weights)], list(arguments[len(weights) :])
        outputs, _ = built.stateless_call(own, [], values if len(values) > 1 else values[0], **given)
        return list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]

    everything = [keras.ops.convert_to_tensor(a, dtype="float64") for a in [*weights, *inputs]]
    coefficients = [normal(rng, *output.shape, scale=1) for output in outputs_of(everything)]

    def loss(arguments):
        outputs = outputs_of(arguments)
        return sum(keras.ops.sum(o * c) for o, c in zip(outputs, coefficients, strict=True)), outputs

    value, outputs, gradients = value_and_gradients(loss, [*weights, *inputs])
    values = [keras.ops.convert_to_tensor(x) for x in inputs]
    produced = built.compute_mask(values if len(values) > 1 else values[0], tensors if len(values) > 1 else tensors[0])
    return {
        "name": name,
        "layer": layer,
        "inputs": inputs,
        "masks": masks,
        "weights": weights,
        "coefficients": coefficients,
        "outputs": outputs,
        "outputMask": produced,
        "loss": value,
        "gradWeights": gradients[: len(weights)],
        "gradInputs": gradients[len(weights) :],
    }


def attentions():
    query, value, key = (BATCH, QUERIES, DIM), (BATCH, VALUES, DIM), (BATCH, VALUES, DIM)
    wide = (BATCH, VALUES, 6)
    both, three = ["right", "left"], ["holes", "right", "none"]
    for layer in [
        {"type": "attention"},
        {"type": "attention", "useScale": True},
        {"type": "attention", "scoreMode": "concat"},
        {"type": "attention", "scoreMode": "concat", "useScale": True},
        {"type": "additiveAttention"},
        {"type": "additiveAttention", "useScale": False},
    ]:
        yield case(layer, [query, value])
        yield case(layer, [query, value], both)
        yield case(layer, [query, value], ["none", "holes"])
        yield case({**layer, "returnAttentionScores": True}, [query, wide, key], three)
        yield case({**layer, "useCausalMask": True}, [query, (BATCH, QUERIES, DIM)])


def cases():
    result = list(attentions())
    a, gate, narrow = (BATCH, QUERIES, DIM), (BATCH, QUERIES, 1), (BATCH, VALUES)
    for merge in ["add", "multiply", "average", "maximum", "minimum"]:
        result += [case({"type": merge}, [a, a, a]), case({"type": merge}, [narrow, narrow]), case({"type": merge}, [a, gate])]
    result += [case({"type": "subtract"}, [a, a]), case({"type": "subtract"}, [narrow, narrow])]
    result += [case({"type": "concatenate"}, [narrow, (BATCH, 2)]), case({"type": "concatenate"}, [a, gate, (BATCH, QUERIES, 4)])]
    # Of different masks Keras makes one that is valid where any is, which would let padding through.
    result.append(case({"type": "concatenate"}, [a, gate], ["holes", "holes"]))
    result.append(case({"type": "concatenate", "axis": 1}, [a, (BATCH, VALUES, DIM)], ["right", "holes"]))
    result.append(case({"type": "concatenate", "axis": 1}, [a, (BATCH, VALUES, DIM)], ["none", "left"]))
    result.append(case({"type": "concatenate", "axis": -2}, [(BATCH, 2, 5, 4), (BATCH, 2, 3, 4)]))
    normalization = {"type": "layerNormalization"}
    a = (BATCH, QUERIES, VALUES)
    result += [case(normalization, [(BATCH, VALUES)]), case(normalization, [a]), case(normalization, [a], ["holes"])]
    for options in [{"epsilon": 0.1}, {"center": False}, {"scale": False}, {"center": False, "scale": False}, {"axis": 1}]:
        result.append(case({**normalization, **options}, [a]))
    result.append(case({**normalization, "axis": [1, 3]}, [(BATCH, 2, 5, 4)]))
    result.append(case({"type": "repeatVector", "n": 5}, [narrow]))
    return result
