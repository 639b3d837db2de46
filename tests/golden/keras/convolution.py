"""convolution.json: windows over sequences and images, and the layers that lay images out; cases as in layers.json."""

from layers import case

SEQUENCE, IMAGE, VIDEO = (3, 7, 2), (3, 6, 5, 2), (2, 3, 5, 4, 2)


def cases():
    conv1, conv2 = {"type": "conv1D", "filters": 4}, {"type": "conv2D", "filters": 4}
    result = []
    for options in [
        {"kernelSize": 3},
        {"kernelSize": 3, "padding": "same", "activation": "tanh"},
        {"kernelSize": 4, "padding": "same"},
        {"kernelSize": 3, "padding": "causal", "useBias": False},
        {"kernelSize": 2, "padding": "causal", "dilationRate": 2},
        {"kernelSize": 2, "dilationRate": 3},
        {"kernelSize": 3, "padding": "same", "dilationRate": 2},
        {"kernelSize": 2, "strides": 3},
        {"kernelSize": 4, "strides": 2, "padding": "same"},
        {"kernelSize": 3, "strides": 2, "padding": "causal"},
        {"kernelSize": 2, "strides": 3, "padding": "same"},
    ]:
        result.append(case({**conv1, **options}, SEQUENCE))
    for options in [
        {"kernelSize": [3, 2]},
        {"kernelSize": [3, 2], "padding": "same", "activation": "tanh"},
        {"kernelSize": 2, "padding": "same", "useBias": False},
        {"kernelSize": [2, 3], "strides": [3, 2]},
        {"kernelSize": 3, "strides": [2, 3], "padding": "same"},
        {"kernelSize": 2, "dilationRate": [3, 2]},
        {"kernelSize": [3, 2], "dilationRate": 2, "padding": "same"},
    ]:
        result.append(case({**conv2, **options}, IMAGE))
    inner = {"type": "conv2D", "filters": 3, "kernelSize": [3, 2]}
    result.append(case({"type": "timeDistributed", "layer": inner}, VIDEO, name="timeDistributed, conv2D 3x2, 5-D"))
    windows = [{"poolSize": 2}, {"poolSize": 3}, {"poolSize": 3, "strides": 2, "padding": "same"}, {"poolSize": 2, "strides": 1}]
    for pool in ["maxPooling1D", "averagePooling1D"]:
        result += [case({"type": pool, **options}, SEQUENCE) for options in windows]
    images = [*windows[:2], {"poolSize": 3, "strides": [2, 1], "padding": "same"}, {"poolSize": [2, 4], "padding": "same"}, {"poolSize": [3, 2], "strides": [1, 3]}]
    for pool in ["maxPooling2D", "averagePooling2D"]:
        result += [case({"type": pool, **options}, IMAGE) for options in images]
    result += [case({"type": pool}, IMAGE) for pool in ["globalAveragePooling2D", "globalMaxPooling2D"]]
    result += [case({"type": "reshape", "targetShape": shape}, IMAGE) for shape in [[3, 20], [4, -1, 3], [-1]]]
    result += [case({"type": "permute", "dims": dims}, IMAGE) for dims in [[2, 3, 1], [3, 1, 2]]]
    return result
