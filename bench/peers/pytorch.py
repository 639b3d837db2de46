"""PyTorch as a measured process: nn.Embedding, nn.RNN or nn.LSTM, nn.Linear and torch.optim, as its users write them.

Its recurrent layers add two biases where the workload has one; the second stays zero and is not trained. Gates are in the same order, i f g o.
The three steps that are compared use Keras's
RMSprop and Adam, whose epsilons are in another place, by a plain loop; the timed ones torch.optim's, in the fused form where there is one,
which is the fastest. Sequences are time-major, as its recurrent layers like them best.
"""

import sys

import line_protocol
import torch
from torch import nn
from torch.nn import functional as F


class Model(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.spec = spec
        vocabulary, features, units = spec["vocabulary"], spec["features"], spec["units"]
        self.embedding = nn.Embedding(vocabulary, features) if vocabulary else None
        # Layers of equal width are one module, which is its fastest form.
        kind = nn.LSTM if spec["cell"] == "lstm" else nn.RNN
        both = spec["bidirectional"]
        self.rnn = kind(features, units[0], num_layers=len(units), bidirectional=both)
        self.dense = nn.Linear(units[-1] * (2 if both else 1), spec["outputs"])
        self.places = [f"_l{layer}{way}" for layer in range(len(units)) for way in (("", "_reverse") if both else ("",))]
        with torch.no_grad():
            for place in self.places:
                getattr(self.rnn, f"bias_hh{place}").zero_().requires_grad_(False)

    def load(self, weights):
        weights = [torch.from_numpy(weight) for weight in weights]
        with torch.no_grad():
            if self.embedding:
                self.embedding.weight.copy_(weights.pop(0))
            for place in self.places:
                getattr(self.rnn, f"weight_ih{place}").copy_(weights.pop(0).T)
                getattr(self.rnn, f"weight_hh{place}").copy_(weights.pop(0).T)
                getattr(self.rnn, f"bias_ih{place}").copy_(weights.pop(0))
            self.dense.weight.copy_(weights.pop(0).T)
            self.dense.bias.copy_(weights.pop(0))

    def forward(self, x, h=None):
        """Logits, and the state: that of nn.RNN, or the pair of nn.LSTM."""
        if self.embedding:
            x = self.embedding(x)
        sequence, state = self.rnn(x, h)
        return self.dense(sequence if self.spec["everyStep"] else state[-1]), state


def loss_of(spec, logits, y):
    if spec["loss"] == "binaryCrossentropy":
        return F.binary_cross_entropy_with_logits(logits, y)
    if spec["loss"] == "meanSquaredError":
        return F.mse_loss(logits, y)
    return F.cross_entropy(logits.reshape(-1, spec["outputs"]), y.reshape(-1))


class KerasRMSprop(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                square = self.state[p].setdefault("square", torch.zeros_like(p))
                square.mul_(0.9).addcmul_(p.grad, p.grad, value=0.1)
                p.addcdiv_(p.grad, (square + 1e-7).sqrt(), value=-group["lr"])


class KerasAdam(torch.optim.Optimizer):
    def __init__(self, params, lr):
        super().__init__(params, {"lr": lr})
        self.count = 0

    @torch.no_grad()
    def step(self):
        self.count += 1
        scale = (1 - 0.999**self.count) ** 0.5 / (1 - 0.9**self.count)
        for group in self.param_groups:
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                square = self.state[p].setdefault("square", torch.zeros_like(p))
                mean.lerp_(p.grad, 0.1)
                square.mul_(0.999).addcmul_(p.grad, p.grad, value=0.001)
                p.addcdiv_(mean, square.sqrt() + 1e-7, value=-group["lr"] * scale)


def optimizer_of(spec, model, like_keras):
    parameters = [p for p in model.parameters() if p.requires_grad]
    name, lr = spec["optimizer"], spec["learningRate"]
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=lr, fused=True)
    if name == "adam":
        return KerasAdam(parameters, lr) if like_keras else torch.optim.Adam(parameters, lr=lr, fused=True)
    return KerasRMSprop(parameters, lr) if like_keras else torch.optim.RMSprop(parameters, lr=lr, alpha=0.9)


class PyTorch:
    versions = {"torch": torch.__version__, "python": sys.version.split()[0]}

    def build(self, task, workload):
        torch.set_num_threads(task["threads"])
        self.workload, self.spec = workload, workload.model
        self.model = Model(self.spec)
        self.x = torch.from_numpy(workload.x).transpose(0, 1).contiguous()  # [time, batch, ...]
        self.y = torch.from_numpy(workload.y)
        if self.spec["everyStep"]:
            self.y = self.y.transpose(0, 1).contiguous()
        if self.y.dtype == torch.int32:
            self.y = self.y.long()

    def trainer(self, like_keras=False):
        optimizer = optimizer_of(self.spec, self.model, like_keras)
        limit = self.spec["globalClipnorm"]
        trained = [p for p in self.model.parameters() if p.requires_grad]

        def step():
            optimizer.zero_grad(set_to_none=True)
            loss = loss_of(self.spec, self.model(self.x)[0], self.y)
            loss.backward()
            if limit is not None:
                nn.utils.clip_grad_norm_(trained, limit)
            optimizer.step()
            return loss.item()

        return step

    def activate(self, logits):
        return torch.sigmoid(logits) if self.spec["activation"] == "sigmoid" else torch.softmax(logits, -1)

    @torch.inference_mode()
    def predict(self):
        return self.activate(self.model(self.x)[0]).numpy()

    @torch.inference_mode()
    def generate(self):
        h = None
        for t in range(self.workload.time):
            logits, h = self.model(self.x[t : t + 1], h)
            probabilities = self.activate(logits).numpy()
        return probabilities

    def prepare(self, task, workload):
        self.build(task, workload)
        self.model.load(workload.weights)
        if workload.task == "train":
            step = self.trainer(like_keras=True)
            check = [step() for _ in range(3)]
            self.run = self.trainer()
        else:
            self.run = self.predict if workload.task == "predict" else self.generate
            check = [float(value) for value in self.run().reshape(-1)[:4]]
        return {"check": check, "versions": self.versions}

    def start(self, task, workload):
        self.build(task, workload)
        return {"loss": self.trainer()()}


line_protocol.serve(PyTorch())
