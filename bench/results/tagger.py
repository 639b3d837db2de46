"""The tagger of `tavali train tag` in PyTorch, on the same files with the same words, characters, sizes, optimizer, epochs and decay.

python bench/results/tagger.py TRAIN VALIDATION TEST [--epochs 12] [--units 100] … prints one JSON object: entity F1 by conlleval's rules of
the epoch that is best on the validation file. The files are columns between tabs or spaces in IOB2. First weights and noise are
PyTorch's own draws, so that numbers agree as two seeds do.
"""

import argparse
import json
import time
from collections import Counter

import torch
from torch import nn


def read(path):
    sentences, words, tags = [], [], []
    for line in [*open(path, encoding="utf-8"), ""]:
        cells = line.split("\t" if "\t" in line else None)
        if not line.strip():
            if words:
                sentences.append((words, tags))
            words, tags = [], []
        else:
            words.append(cells[0].strip())
            tags.append(cells[-1].strip())
    return sentences


def spans(tags):
    """Entities as conlleval reads tags of IOB2."""
    found, first, kind = set(), 0, None
    for i, tag in enumerate([*tags, "O"]):
        goes_on = kind is not None and tag == f"I-{kind}"
        if kind is not None and not goes_on:
            found.add((first, i, kind))
        if not goes_on:
            first, kind = i, None if tag == "O" else tag[2:]
    return found


def entity_f1(gold, predicted):
    pairs = [(spans(a), spans(b)) for a, b in zip(gold, predicted)]
    right = sum(len(a & b) for a, b in pairs)
    there, found = sum(len(a) for a, _ in pairs), sum(len(b) for _, b in pairs)
    return 2 * right / (there + found) if right else 0.0


class Codec:
    """Id 0 is padding, 1 what is unknown."""

    def __init__(self, train, options):
        words = Counter(word.lower() for sentence, _ in train for word in sentence)
        known = sorted((w for w in words if words[w] >= options.minimum_count), key=lambda w: (-words[w], w))
        characters = Counter(c for sentence, _ in train for word in sentence for c in self.clip(word, options))
        self.options = options
        self.words = {word: i + 2 for i, word in enumerate(known)}
        self.characters = {c: i + 2 for i, c in enumerate(sorted(characters))}
        self.tags = ["O", *sorted({tag for _, tags in train for tag in tags} - {"O"})]

    @staticmethod
    def clip(word, options):
        limit = options.characters
        return word if len(word) <= limit else word[: limit - limit // 2] + word[-(limit // 2) :]

    def encode(self, sentences):
        time_steps = max(len(words) for words, _ in sentences)
        ids = torch.zeros(len(sentences), time_steps, dtype=torch.long)
        characters = torch.zeros(len(sentences), time_steps, self.options.characters, dtype=torch.long)
        tags = torch.zeros(len(sentences), time_steps, dtype=torch.long)
        for row, (words, names) in enumerate(sentences):
            for i, word in enumerate(words):
                ids[row, i] = self.words.get(word.lower(), 1)
                for k, c in enumerate(self.clip(word, self.options)):
                    characters[row, i, k] = self.characters.get(c, 1)
                tags[row, i] = self.tags.index(names[i]) if names[i] in self.tags else 0
        return ids, characters, tags


class Tagger(nn.Module):
    def __init__(self, codec, options):
        super().__init__()
        self.options = options
        count = len(codec.tags)
        self.words = nn.Embedding(len(codec.words) + 2, options.embedding)
        self.characters = nn.Embedding(len(codec.characters) + 2, options.character_embedding)
        self.convolution = nn.Conv1d(options.character_embedding, options.character_filters, 3, padding=1)
        width = options.embedding + options.character_filters
        self.reader = nn.LSTM(width, options.units, bidirectional=True, batch_first=True)
        self.emissions = nn.Linear(2 * options.units, count)
        self.transitions = nn.Parameter(torch.zeros(count, count))
        self.start = nn.Parameter(torch.zeros(count))
        self.end = nn.Parameter(torch.zeros(count))
        # As Tavali begins: vectors uniform of variance 1/length, kernels by Glorot, recurrent kernels orthogonal, forget gates open.
        for table in [self.words, self.characters]:
            limit = (3 / table.embedding_dim) ** 0.5
            nn.init.uniform_(table.weight, -limit, limit)
        for layer in [self.convolution, self.emissions]:
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
        for name, weight in self.reader.named_parameters():
            if "weight_ih" in name:
                nn.init.xavier_uniform_(weight)
            elif "weight_hh" in name:
                nn.init.orthogonal_(weight)
            else:
                nn.init.zeros_(weight)
                if "bias_ih" in name:
                    weight.data[options.units : 2 * options.units] = 1

    def worth(self, ids, characters):
        batch, steps, width = characters.shape
        words = self.words(ids)
        if self.training:
            kept = torch.rand(batch, steps, 1) >= self.options.word_dropout
            words = words * kept / (1 - self.options.word_dropout)
        letters = self.characters(characters).view(batch * steps, width, -1).transpose(1, 2)
        found = torch.relu(self.convolution(letters)).amax(2).view(batch, steps, -1)
        noise = lambda x: nn.functional.dropout(x, self.options.dropout, self.training)
        x = noise(torch.cat([words, found], 2))
        packed = nn.utils.rnn.pack_padded_sequence(x, (ids > 0).sum(1), batch_first=True, enforce_sorted=False)
        read, _ = nn.utils.rnn.pad_packed_sequence(self.reader(packed)[0], batch_first=True, total_length=steps)
        return self.emissions(noise(read))

    def loss(self, ids, characters, tags):
        """Mean over the sentences of ln Σ e^worth − the worth of the right tags."""
        worth, mask = self.worth(ids, characters), ids > 0
        own = worth.gather(2, tags[:, :, None])[:, :, 0]
        total, path = self.start + worth[:, 0], self.start[tags[:, 0]] + own[:, 0]
        for t in range(1, ids.shape[1]):
            step = torch.logsumexp(total[:, :, None] + self.transitions, 1) + worth[:, t]
            total = torch.where(mask[:, t, None], step, total)
            path = path + torch.where(mask[:, t], self.transitions[tags[:, t - 1], tags[:, t]] + own[:, t], 0)
        last = tags.gather(1, mask.sum(1, keepdim=True) - 1)[:, 0]
        return (torch.logsumexp(total + self.end, 1) - path - self.end[last]).mean()

    @torch.no_grad()
    def decode(self, ids, characters):
        worth, lengths = self.worth(ids, characters), (ids > 0).sum(1).tolist()
        paths = []
        for row, length in zip(worth, lengths):
            best, back = self.start + row[0], []
            for t in range(1, length):
                best, came = (best[:, None] + self.transitions + row[t]).max(0)
                back.append(came)
            tag = int((best + self.end).argmax())
            path = [tag]
            for came in reversed(back):
                tag = int(came[tag])
                path.append(tag)
            paths.append(path[::-1])
        return paths


def measure(model, codec, sentences):
    model.eval()
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i][0]))
    predicted = [None] * len(sentences)
    for first in range(0, len(order), 64):
        rows = order[first : first + 64]
        ids, characters, _ = codec.encode([sentences[i] for i in rows])
        for i, path in zip(rows, model.decode(ids, characters)):
            predicted[i] = [codec.tags[tag] for tag in path]
    model.train()
    return entity_f1([tags for _, tags in sentences], predicted)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs=3)
    whole = {"epochs": 30, "batch_size": 16, "units": 100, "embedding": 100, "character_embedding": 25}
    whole |= {"character_filters": 50, "characters": 16, "minimum_count": 2, "seed": 1, "threads": 1}
    real = {"learning_rate": 2e-3, "decay": 0.93, "clip": 5.0, "dropout": 0.5, "word_dropout": 0.1}
    for name, value in {**whole, **real}.items():
        parser.add_argument("--" + name.replace("_", "-"), type=type(value), default=value)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    train, validation, test = map(read, options.files)
    codec = Codec(train, options)
    model = Tagger(codec, options)
    optimizer = torch.optim.Adam(model.parameters(), options.learning_rate, eps=1e-7)
    begin, best = time.time(), (-1.0, 0, 0.0)
    for epoch in range(1, options.epochs + 1):
        drawn = torch.randperm(len(train)).tolist()
        order = sorted(drawn, key=lambda i: -(-len(train[i][0]) // 4))
        batches = [order[i : i + options.batch_size] for i in range(0, len(order), options.batch_size)]
        for at in torch.randperm(len(batches)).tolist():
            optimizer.zero_grad()
            model.loss(*codec.encode([train[i] for i in batches[at]])).backward()
            nn.utils.clip_grad_norm_(model.parameters(), options.clip)
            optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] *= options.decay
        score = measure(model, codec, validation)
        if score > best[0]:
            best = (score, epoch, measure(model, codec, test))
        print(json.dumps({"epoch": epoch, "validationEntityF1": score}), flush=True)
    validation_f1, epoch, f1 = best
    seconds = round(time.time() - begin, 1)
    parameters = sum(p.numel() for p in model.parameters())
    print(json.dumps({"entityF1": f1, "validationEntityF1": validation_f1, "bestEpoch": epoch, "seconds": seconds, "parameters": parameters}))


main()
