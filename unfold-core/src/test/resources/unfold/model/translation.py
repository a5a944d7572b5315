"""Golden numbers of encoder-decoders from PyTorch 2.13 (CPU, double): python translation.py > translation.txt

A line: kind, cell, attention; loss; checksum of the logits; parameter and checksum of its gradient, ...
Parameter n in the order of their names: element i is sin(2 + n + 0.7 i). Checksum: sum of y[i] * cos(i).
"""
import math
import torch
from torch import nn

ROWS, READ, WRITE, WORDS_READ, WORDS, EMBEDDING, HIDDEN, WIDTH = 3, 5, 4, 7, 6, 3, 4, 5
SOURCE = torch.arange(READ * ROWS).reshape(READ, ROWS) % WORDS_READ
TARGET = torch.arange(WRITE * ROWS).reshape(WRITE, ROWS) % WORDS
LABELS = (torch.arange(WRITE * ROWS) * 2 + 1) % WORDS
LABELS[[7, 10, 11]] = -100
LENGTHS = torch.tensor([5, 3, 1])


class Side(nn.Module):
    def __init__(self, words, cell, hidden, both):
        super().__init__()
        self.embedding = nn.Embedding(words, EMBEDDING)
        self.rnn = cell(EMBEDDING, hidden, num_layers=2, bidirectional=both)


class Net(nn.Module):
    def __init__(self, cell, attention):
        super().__init__()
        both = attention != "none"
        self.kind = attention
        self.encoder = Side(WORDS_READ, cell, HIDDEN // 2 if both else HIDDEN, both)
        self.decoder = Side(WORDS, cell, HIDDEN, False)
        if attention == "additive":
            self.attention = nn.Module()
            self.attention.query = nn.Linear(HIDDEN, WIDTH)
            self.attention.memory = nn.Linear(HIDDEN, WIDTH, bias=False)
            self.attention.score = nn.Linear(WIDTH, 1, bias=False)
        if both:
            self.combine = nn.Linear(2 * HIDDEN, HIDDEN, bias=False)
        self.fc = nn.Linear(HIDDEN, WORDS)

    def start(self, state):
        if not self.encoder.rnn.bidirectional:
            return state
        return torch.stack([torch.cat([state[2 * k], state[2 * k + 1]], 1) for k in range(2)])

    def forward(self):
        x = nn.utils.rnn.pack_padded_sequence(self.encoder.embedding(SOURCE), LENGTHS, enforce_sorted=False)
        memory, state = self.encoder.rnn(x)
        memory = nn.utils.rnn.pad_packed_sequence(memory, total_length=READ)[0]
        state = tuple(map(self.start, state)) if isinstance(state, tuple) else self.start(state)
        h = self.decoder.rnn(self.decoder.embedding(TARGET), state)[0]
        if self.kind != "none":
            q, m = h.transpose(0, 1), memory.transpose(0, 1)
            if self.kind == "dot":
                score = q @ m.transpose(1, 2)
            else:
                a = self.attention
                score = a.score(torch.tanh(a.query(q)[:, :, None] + a.memory(m)[:, None]))[..., 0]
            absent = torch.arange(READ)[None, None] >= LENGTHS[:, None, None]
            context = score.masked_fill(absent, -math.inf).softmax(-1) @ m
            h = torch.tanh(self.combine(torch.cat([context.transpose(0, 1), h], 2)))
        return self.fc(h).reshape(-1, WORDS)


def checksum(y):
    return float((y.detach().flatten() * torch.cos(torch.arange(y.numel()).double())).sum())


torch.set_default_dtype(torch.float64)
print("# made by translation.py with PyTorch", torch.__version__)
for name, cell in ("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN):
    for attention in "none", "dot", "additive":
        net = Net(cell, attention)
        parameters = sorted(net.named_parameters())
        with torch.no_grad():
            for n, (_, p) in enumerate(parameters):
                p.copy_(torch.sin(2 + n + 0.7 * torch.arange(p.numel())).reshape(p.shape))
        logits = net()
        loss = nn.functional.cross_entropy(logits, LABELS)
        loss.backward()
        gradients = "; ".join(f"{k} {checksum(p.grad):.8f}" for k, p in parameters)
        print(f"{name} {attention}; {float(loss.detach()):.8f}; {checksum(logits):.8f}; {gradients}")
