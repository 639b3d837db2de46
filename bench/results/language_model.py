"""The language model of `tavali train lm` in PyTorch: same ids, split, layers, first values' distributions, windows, optimizer and decay.

    tavali train lm --text input.txt --out lm.tavali …
    npx tsx bench/results/encode-text.ts lm.tavali /tmp/lm input.txt
    python bench/results/language_model.py /tmp/lm

The last line is one JSON object. Threads: OMP_NUM_THREADS.
"""

import json
import math
import sys
import time

import numpy as np
import torch
from torch import nn

CELLS = {"simpleRNN": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class Network(nn.Module):
    def __init__(self, ids, options):
        super().__init__()
        units, size = options["units"], options["embedding"] or options["units"]
        self.one_hot = options["level"] == "characters" and options["embedding"] == 0 and not options["tied"]
        self.ids = ids
        self.embedding = None if self.one_hot else nn.Embedding(ids, size)
        widths = [ids if self.one_hot else size] + [units] * options["layers"]
        cell = CELLS[options["cell"]]
        self.cells = nn.ModuleList(cell(a, b, batch_first=True) for a, b in zip(widths, widths[1:]))
        self.between = nn.Linear(units, size) if options["tied"] and size != units else None
        self.output = nn.Linear(size if options["tied"] else units, ids)
        self.dropout = nn.Dropout(options["dropout"])
        self.begin()
        if options["tied"]:
            self.output.weight = self.embedding.weight

    def begin(self):
        for cell in self.cells:
            # One matrix of all gates, as Keras draws it.
            nn.init.xavier_uniform_(cell.weight_ih_l0)
            nn.init.orthogonal_(cell.weight_hh_l0)
            nn.init.zeros_(cell.bias_ih_l0)
            nn.init.zeros_(cell.bias_hh_l0)
            # One bias where there are two; a GRU has two in Keras, too.
            cell.bias_hh_l0.requires_grad_(isinstance(cell, nn.GRU))
            if isinstance(cell, nn.LSTM):
                nn.init.ones_(cell.bias_ih_l0.data[cell.hidden_size : 2 * cell.hidden_size])
        for linear in [self.output] + ([self.between] if self.between else []):
            nn.init.xavier_uniform_(linear.weight)
            nn.init.zeros_(linear.bias)
        if self.embedding:
            nn.init.uniform_(self.embedding.weight, -0.05, 0.05)

    def forward(self, x, states):
        y = nn.functional.one_hot(x, self.ids).float() if self.one_hot else self.dropout(self.embedding(x))
        after = []
        for cell, state in zip(self.cells, states):
            y, state = cell(y, state)
            y = self.dropout(y)
            after.append(state)
        return self.output(self.between(y) if self.between else y), after


def detached(states):
    return [tuple(s.detach() for s in state) if isinstance(state, tuple) else state.detach() for state in states]


def windows(ids, streams, window):
    """Parts of the streams one after another; every token but the first is an answer."""
    steps = (len(ids) - 1) // streams
    x = ids[: streams * steps].reshape(streams, steps)
    y = ids[1 : 1 + streams * steps].reshape(streams, steps)
    for at in range(0, steps, window):
        yield x[:, at : at + window], y[:, at : at + window]


def judge(network, ids, streams, window):
    network.eval()
    states, total, count = [None] * len(network.cells), 0.0, 0
    with torch.no_grad():
        for x, y in windows(ids, streams, window):
            logits, states = network(x, states)
            total += nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), reduction="sum").item()
            count += y.numel()
    return total / count


def main(prefix):
    about = json.load(open(f"{prefix}.json"))
    options = about["options"]
    ids = torch.from_numpy(np.fromfile(f"{prefix}.ids", dtype="<i4").astype("int64"))
    train, validation, test = torch.split(ids, about["lengths"])
    streams, window = options["batchSize"], options["window"]
    torch.manual_seed(options["seed"])
    network = Network(about["size"], options)
    trained = [p for p in network.parameters() if p.requires_grad]
    rate = options["learningRate"]
    optimizer = {
        "adam": lambda: torch.optim.Adam(trained, lr=rate, eps=1e-7),
        "rmsprop": lambda: torch.optim.RMSprop(trained, lr=rate, alpha=0.9, eps=1e-7),
        "sgd": lambda: torch.optim.SGD(trained, lr=rate),
    }[options["optimizer"]]()
    best, waited, begin = (math.inf, 0, None), 0, time.time()
    for epoch in range(1, options["epochs"] + 1):
        network.train()
        states, total, count = [None] * len(network.cells), 0.0, 0
        for x, y in windows(train, streams, window):
            logits, states = network(x, states)
            states = detached(states)
            loss = nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten())
            optimizer.zero_grad()
            loss.backward()
            if options["clip"] > 0:
                nn.utils.clip_grad_norm_(trained, options["clip"])
            optimizer.step()
            total += loss.item() * y.numel()
            count += y.numel()
        for group in optimizer.param_groups:
            group["lr"] *= options["decay"]
        side_by_side = max(1, min(streams, (len(validation) - 1) // window))
        found = judge(network, validation, side_by_side, window)
        print(f"epoch {epoch}: loss {total / count:.4f}, validation {found:.4f}, {time.time() - begin:.0f} s", flush=True)
        if found < best[0]:
            best, waited = (found, epoch, {k: v.clone() for k, v in network.state_dict().items()}), 0
        else:
            waited += 1
            if options["patience"] and waited >= options["patience"]:
                break
    seconds = time.time() - begin
    network.load_state_dict(best[2])
    loss = judge(network, test, 1, 256)
    print(json.dumps({"testLoss": loss, "perplexity": math.exp(loss), "bestEpoch": best[1], "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1])
