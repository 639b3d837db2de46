"""The names' classifier of docs/results.md in PyTorch: the same files, layers, first values' distributions, noise, optimizer and decay.

    python bench/results/classifier.py names-train.csv names-test.csv

The last line is one JSON object. Threads: OMP_NUM_THREADS.
"""

import argparse
import csv
import json
import random
import time
import unicodedata
from collections import Counter

import torch
from torch import nn

LENGTH = 20


class Classifier(nn.Module):
    def __init__(self, ids, classes, embedding=64, units=128, dropout=0.3):
        super().__init__()
        self.dropout = dropout
        self.embedding = nn.Embedding(ids, embedding)
        self.lstm = nn.LSTM(embedding, units, batch_first=True, bidirectional=True)
        self.output = nn.Linear(2 * units, classes)
        nn.init.uniform_(self.embedding.weight, -0.05, 0.05)
        for suffix in ("", "_reverse"):
            nn.init.xavier_uniform_(getattr(self.lstm, f"weight_ih_l0{suffix}"))
            nn.init.orthogonal_(getattr(self.lstm, f"weight_hh_l0{suffix}"))
            bias = getattr(self.lstm, f"bias_ih_l0{suffix}")
            nn.init.zeros_(bias)
            nn.init.ones_(bias.data[units : 2 * units])
            # One bias where PyTorch has two.
            nn.init.zeros_(getattr(self.lstm, f"bias_hh_l0{suffix}"))
            getattr(self.lstm, f"bias_hh_l0{suffix}").requires_grad_(False)
        nn.init.xavier_uniform_(self.output.weight)
        nn.init.zeros_(self.output.bias)

    def forward(self, x, lengths):
        vectors = self.embedding(x)
        if self.training:
            # One mask a name, the same at every character.
            keep = 1 - self.dropout
            vectors = vectors * torch.bernoulli(torch.full_like(vectors[:, :1], keep)) / keep
        packed = nn.utils.rnn.pack_padded_sequence(vectors, lengths, batch_first=True, enforce_sorted=False)
        states, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, padding_value=float("-inf"))
        return self.output(nn.functional.dropout(states.max(1).values, self.dropout, self.training))


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [(list(unicodedata.normalize("NFKC", name.lower())), language) for name, language in list(csv.reader(file))[1:]]


def macro_f1(predicted, expected, classes):
    scores = []
    for c in range(classes):
        hits = sum(p == e == c for p, e in zip(predicted, expected))
        total = sum(p == c for p in predicted) + sum(e == c for e in expected)
        scores.append(2 * hits / total if total else 0.0)
    return sum(scores) / classes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs=2)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    rows, test = (read(path) for path in args.files)
    names = sorted({language for _, language in rows})
    counts = Counter(character for name, _ in rows for character in name)
    ids = {character: i + 2 for i, (character, count) in enumerate(counts.most_common()) if count >= 2}
    shuffled = random.Random(args.seed).sample(rows, len(rows))
    held = len(rows) // 10

    def batches(part, order):
        for at in range(0, len(order), 64):
            some = [part[i] for i in order[at : at + 64]]
            cut = [[ids.get(c, 1) for c in name[-LENGTH:]] for name, _ in some]
            x = nn.utils.rnn.pad_sequence([torch.tensor(name) for name in cut], batch_first=True)
            yield x, torch.tensor([len(name) for name in cut]), torch.tensor([names.index(label) for _, label in some])

    def judge(part):
        network.eval()
        predicted, expected, loss = [], [], 0.0
        with torch.no_grad():
            for x, lengths, y in batches(part, range(len(part))):
                logits = network(x, lengths)
                loss += nn.functional.cross_entropy(logits, y, reduction="sum").item()
                predicted += logits.argmax(1).tolist()
                expected += y.tolist()
        right = sum(p == e for p, e in zip(predicted, expected)) / len(expected)
        return loss / len(expected), right, macro_f1(predicted, expected, len(names))

    network = Classifier(len(ids) + 2, len(names))
    trained = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.Adam(trained, lr=0.003, eps=1e-7)
    best, waited, begin = (-1.0, 0, None), 0, time.time()
    for epoch in range(1, args.epochs + 1):
        network.train()
        training = shuffled[held:]
        for x, lengths, y in batches(training, torch.randperm(len(training)).tolist()):
            optimizer.zero_grad()
            nn.functional.cross_entropy(network(x, lengths), y).backward()
            nn.utils.clip_grad_norm_(trained, 1)
            optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] *= 0.9
        _, accuracy, _ = judge(shuffled[:held])
        print(f"epoch {epoch}: validation accuracy {accuracy:.4f}, {time.time() - begin:.0f} s", flush=True)
        if accuracy > best[0]:
            best, waited = (accuracy, epoch, {k: v.clone() for k, v in network.state_dict().items()}), 0
        else:
            waited += 1
            if waited >= 4:
                break
    seconds = time.time() - begin
    network.load_state_dict(best[2])
    loss, accuracy, f1 = judge(test)
    print(json.dumps({"testLoss": loss, "accuracy": accuracy, "macroF1": f1, "bestEpoch": best[1], "seconds": seconds}))


if __name__ == "__main__":
    main()
