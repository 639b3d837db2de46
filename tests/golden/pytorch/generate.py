"""recurrent.json and training.json: PyTorch's nn.RNN, nn.LSTM and nn.GRU in float64: `python generate.py`.

recurrent.json: one module from given initial states; loss = sum over every output of sum(output * coefficients), and its
gradients for weights, input and initial states. training.json: module and nn.Linear at every step, mean squared error, four
steps of SGD with momentum. Batch 3, time 5, features 2 and units 4 all differ, so that no axis can pass for another.
"""

import json
import pathlib
import zlib

import numpy as np
import torch

HERE = pathlib.Path(__file__).parent
BATCH, TIME, FEATURES, UNITS, TARGETS = 3, 5, 2, 4, 6
LENGTHS = [3, 5, 1]
torch.set_default_dtype(torch.float64)


def numbers(rng, *shape, scale=0.6):
    """Three decimals: short in JSON, and exact there."""
    return torch.tensor(np.round(rng.normal(size=shape) * scale, 3) + 0.0)


def build(kind, rng, **options):
    module = getattr(torch.nn, kind)(FEATURES, UNITS, batch_first=True, **options)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(numbers(rng, *parameter.shape))
    return module


def title(kind, options, packed=False):
    words = [k if v is True else f"{k}={v}" for k, v in options.items()]
    return ", ".join([kind, *words] + ["packed"] * packed)


def recurrent_case(kind, packed=False, **options):
    name = title(kind, options, packed)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    module = build(kind, rng, **options)
    ways = 2 if module.bidirectional else 1
    x = numbers(rng, BATCH, TIME, FEATURES, scale=1).requires_grad_()
    states = [
        numbers(rng, module.num_layers * ways, BATCH, UNITS).requires_grad_() for _ in range(2 if kind == "LSTM" else 1)
    ]
    given = x
    if packed:
        given = torch.nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    output, last = module(given, tuple(states) if kind == "LSTM" else states[0])
    if packed:
        output, _ = torch.nn.utils.rnn.pad_packed_sequence(output, batch_first=True, total_length=TIME)
    outputs = [output, *(last if kind == "LSTM" else [last])]
    coefficients = [numbers(rng, *o.shape, scale=1) for o in outputs]
    loss = sum((o * c).sum() for o, c in zip(outputs, coefficients, strict=True))
    loss.backward()
    return {
        "name": name,
        "kind": kind,
        "options": options,
        "lengths": LENGTHS if packed else None,
        "x": x,
        "initialState": states,
        "weights": module.state_dict(),
        "coefficients": coefficients,
        "outputs": outputs,
        "loss": loss,
        "gradWeights": {key: parameter.grad for key, parameter in module.named_parameters()},
        "gradX": x.grad,
        "gradInitialState": [state.grad for state in states],
    }


def training_case(kind, **options):
    """PyTorch trains two biases where Tavali's LSTM and RNN have their sum; the second is kept as it is."""
    name = title(kind, options)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    module = build(kind, rng, **options)
    ways = 2 if module.bidirectional else 1
    head = torch.nn.Linear(ways * UNITS, TARGETS)
    with torch.no_grad():
        for parameter in head.parameters():
            parameter.copy_(numbers(rng, *parameter.shape))
    if kind != "GRU":
        for key, parameter in module.named_parameters():
            parameter.requires_grad_(not key.startswith("bias_hh"))
    x, y = numbers(rng, BATCH, TIME, FEATURES, scale=1), numbers(rng, BATCH, TIME, TARGETS, scale=1)

    def weights():
        plain = {key: value.clone() for key, value in module.state_dict().items()}
        return {"recurrent": plain, "head": {"kernel": head.weight.T.clone(), "bias": head.bias.clone()}}

    initial, losses = weights(), []
    trained = [p for p in [*module.parameters(), *head.parameters()] if p.requires_grad]
    optimizer = torch.optim.SGD(trained, lr=0.1, momentum=0.9)
    for _ in range(4):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(head(module(x)[0]), y)
        loss.backward()
        optimizer.step()
        losses.append(loss)
    return {
        "name": name,
        "kind": kind,
        "options": options,
        "x": x,
        "y": y,
        "learningRate": 0.1,
        "momentum": 0.9,
        "initial": initial,
        "losses": losses,
        "final": weights(),
    }


def plain(value):
    """Tensors to nested lists, floats to 15 significant digits."""
    if isinstance(value, torch.Tensor):
        return plain(value.tolist())
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, float):
        rounded = float(f"{value:.15g}")
        return int(rounded) if rounded == int(rounded) else rounded
    return value


def write(file, cases):
    lines = ",\n".join(json.dumps(plain(case), allow_nan=False, separators=(",", ":")) for case in cases)
    meta = {"torch": torch.__version__, "numpy": np.__version__, "dtype": "float64", "command": "python generate.py"}
    (HERE / file).write_text(f'{{"meta":{json.dumps(meta)},\n"cases":[\n{lines}\n]}}\n', encoding="utf-8")
    print(file, len(cases), "cases")


if __name__ == "__main__":
    KINDS = [("RNN", {}), ("RNN", {"nonlinearity": "relu"}), ("LSTM", {}), ("GRU", {})]
    SHAPES = [
        {},
        {"bias": False},
        {"bidirectional": True},
        {"num_layers": 2},
        {"num_layers": 2, "bidirectional": True},
        {"packed": True},
        {"num_layers": 2, "bidirectional": True, "packed": True},
    ]
    write("recurrent.json", [recurrent_case(kind, **own, **shape) for kind, own in KINDS for shape in SHAPES])
    TRAINED = [{}, {"num_layers": 2, "bidirectional": True}]
    write("training.json", [training_case(kind, **shape) for kind in ["RNN", "LSTM", "GRU"] for shape in TRAINED])
