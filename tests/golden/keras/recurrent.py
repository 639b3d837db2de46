"""simple-rnn.json, lstm.json, gru.json: one recurrent layer, its outputs and every gradient.

loss = sum over k of sum(outputs[k] * coefficients[k]), where outputs = [output, states...] with returnState
and [output] without. Batch 3, time 5, features 2 and units 4 all differ, so that no axis can pass for another.
"""

import numpy as np
from setting import LAYERS, from_table, generator, keras, mask_of, normal, value_and_gradients

BATCH, TIME, FEATURES, UNITS = 3, 5, 2, 4
GATES = {"simpleRNN": 1, "lstm": 4, "gru": 3}
MASKED = ["right", "left", "holes", "rowMasked"]


def weight_shapes(layer, features, units, options):
    columns = GATES[layer] * units
    shapes = [(features, columns), (units, columns)]
    if options.get("useBias", True):
        shapes.append((2, columns) if layer == "gru" and options.get("resetAfter", True) else (columns,))
    return shapes


def recurrent_case(layer, mask="none", initial=False, sizes=(BATCH, TIME, FEATURES, UNITS), weights=None, x=None, **options):
    batch, time, features, units = sizes
    words = [k if v is True else f"{k}={v}" for k, v in options.items()]
    words += [f"{mask} mask"] * (mask != "none") + ["initial state"] * initial
    words += [f"batch {batch}, time {time}, features {features}, units {units}"] * (sizes != (BATCH, TIME, FEATURES, UNITS))
    name = ", ".join([layer, *words])
    rng = generator(name)
    options = {"units": units, **options}
    built = from_table(LAYERS, {"type": layer, **options})
    built.build((batch, time, features))

    x = normal(rng, batch, time, features, scale=1) if x is None else x
    weights = [normal(rng, *s) for s in weight_shapes(layer, features, units, options)] if weights is None else weights
    built.set_weights(weights)
    states = [normal(rng, batch, units) for _ in range(2 if layer == "lstm" else 1)] if initial else []
    mask_kind, mask = mask, mask_of(mask, time, [3, 5, 2][:batch])
    output_shape = (batch, time, units) if options.get("returnSequences") else (batch, units)
    shapes = [output_shape] + [(batch, units)] * ((2 if layer == "lstm" else 1) if options.get("returnState") else 0)
    coefficients = [normal(rng, *shape, scale=1) for shape in shapes]

    def loss(arguments):
        own, rest = arguments[: len(weights)], arguments[len(weights) :]
        given = {"mask": None if mask is None else keras.ops.convert_to_tensor(mask)}
        if initial:
            given["initial_state"] = rest[1:]
        outputs, _ = built.stateless_call(own, [v.value for v in built.non_trainable_variables], rest[0], **given)
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        return sum(keras.ops.sum(o * c) for o, c in zip(outputs, coefficients, strict=True)), outputs

    value, outputs, gradients = value_and_gradients(loss, [*weights, x, *states])
    count = len(weights)
    return {
        "name": name,
        "layer": {"type": layer, **options},
        "x": x,
        "maskKind": mask_kind,
        "mask": mask,
        "initialState": states or None,
        "weights": weights,
        "coefficients": coefficients,
        "outputs": outputs,
        "loss": value,
        "gradWeights": gradients[:count],
        "gradX": gradients[count],
        "gradInitialState": gradients[count + 1 :] or None,
    }


def simple_rnn():
    def case(**options):
        return recurrent_case("simpleRNN", **options)

    cases = [case(), case(returnSequences=True)]
    for activation in ["tanh", "relu", "sigmoid", "linear"]:
        for use_bias in [True, False]:
            cases += [case(activation=activation, useBias=use_bias, returnSequences=s) for s in [False, True]]
    for mask in MASKED:
        for sequences in [False, True]:
            cases += [case(mask=mask, returnSequences=sequences, goBackwards=b) for b in [False, True]]
        cases.append(case(mask=mask, initial=True, returnSequences=True, returnState=True))
        cases.append(case(mask=mask, initial=True, activation="relu", useBias=False, goBackwards=True))
        cases.append(case(mask=mask, returnSequences=True, zeroOutputForMask=True))
    for options in [{}, {"returnSequences": True}, {"goBackwards": True}, {"returnSequences": True, "goBackwards": True}]:
        cases.append(case(initial=True, returnState=True, **options))
    cases.append(case(returnState=True))
    cases.append(case(sizes=(2, 1, 3, 5), returnSequences=True))
    cases.append(case(sizes=(1, 6, 3, 2), returnSequences=True))
    cases += swapped_kernels()
    return cases


def swapped_kernels():
    """With as many features as units the two kernels can be confused; these two cases differ only by that."""
    right = recurrent_case("simpleRNN", sizes=(2, 3, 4, 4), returnSequences=True)
    kernel, recurrent, bias = right["weights"]
    wrong = recurrent_case(
        "simpleRNN", sizes=(2, 3, 4, 4), returnSequences=True, weights=[recurrent, kernel, bias], x=right["x"]
    )
    assert np.abs(np.asarray(right["outputs"][0]) - np.asarray(wrong["outputs"][0])).max() > 0.1
    wrong["name"] += ", kernels swapped"
    return [right, wrong]


def gated(layer, variants):
    def case(**options):
        return recurrent_case(layer, **options)

    cases = []
    for variant in variants:
        cases += [
            case(**variant),
            case(returnSequences=True, **variant),
            case(useBias=False, **variant),
            case(activation="relu", recurrentActivation="tanh", returnSequences=True, **variant),
            case(initial=True, returnSequences=True, returnState=True, **variant),
            case(initial=True, returnState=True, goBackwards=True, mask="right", **variant),
        ]
        cases += [case(mask=m, returnSequences=True, **variant) for m in MASKED]
        cases += [case(mask="left", initial=True, returnSequences=True, **variant), case(mask="holes", **variant)]
    return cases


def lstm():
    return gated("lstm", [{}])


def gru():
    return gated("gru", [{"resetAfter": True}, {"resetAfter": False}])
