"""Trains the network of `unfold train sentiment` with the same settings in PyTorch, and prints its accuracy.

    python sentiment.py FOLDER [SEED ...]

FOLDER has train.tsv, dev.tsv and test.tsv (sentence, tab, label). The network: an embedding of 128, dropout 0.5, an
LSTM of 128 units in each direction, the last states, dropout 0.5, one linear layer. Words in lower case (cut at blanks
and as the Tokenizer cuts them), those that occur once in training are one unknown word. Adam with decoupled decay,
one-cycle rate up to 2e-3, 8 epochs, batches of 32 of similar lengths, gradients clipped to norm 1. The epoch with the
best dev accuracy is measured on test.
"""
import collections
import math
import random
import re
import sys
import torch
from torch import nn

TOKEN = re.compile(r"['’][^\W\d_]{1,2}(?!\w)|\w+(?:(?:-|(?<=\d)[.,](?=\d))\w+)*|[^\s]")


def read(file):
    rows = [line.rstrip("\r\n").split("\t") for line in open(file, encoding="utf8")]
    return [(TOKEN.findall(s.lower()), int(label)) for s, label in rows]


class Net(nn.Module):
    def __init__(self, words, classes, embedding=128, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(words, embedding)
        self.lstm = nn.LSTM(embedding, hidden, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, classes)
        self.dropout = nn.Dropout(0.5)
        for name, p in self.lstm.named_parameters():
            if "weight_hh" in name:
                for gate in p.data.chunk(4):
                    nn.init.orthogonal_(gate)
            elif "weight_ih" in name:
                for gate in p.data.chunk(4):
                    nn.init.xavier_uniform_(gate)
            else:
                nn.init.zeros_(p)
                if "bias_ih" in name:
                    nn.init.ones_(p.data.chunk(4)[1])

    def forward(self, tokens, lengths):
        x = nn.utils.rnn.pack_padded_sequence(self.dropout(self.embedding(tokens)), lengths, enforce_sorted=False)
        _, (h, _) = self.lstm(x)
        return self.fc(self.dropout(torch.cat([h[0], h[1]], 1)))


def batch(part):
    lengths = torch.tensor([max(1, len(t)) for t, _ in part])
    tokens = torch.zeros(int(lengths.max()), len(part), dtype=torch.long)
    for n, (t, _) in enumerate(part):
        tokens[: len(t), n] = torch.tensor(t)
    return tokens, lengths, torch.tensor([label for _, label in part])


def accuracy(net, data):
    net.eval()
    right = 0
    with torch.no_grad():
        for i in range(0, len(data), 64):
            tokens, lengths, labels = batch(data[i : i + 64])
            right += int((net(tokens, lengths).argmax(1) == labels).sum())
    return right / len(data)


def run(parts, words, seed, epochs=8, rows=32, peak=2e-3):
    torch.manual_seed(seed)
    order = random.Random(seed)
    net = Net(words, 1 + max(label for _, label in parts["train"]))
    decayed = [p for p in net.parameters() if p.dim() > 1]
    rest = [p for p in net.parameters() if p.dim() == 1]
    rule = torch.optim.AdamW([{"params": decayed}, {"params": rest, "weight_decay": 0}], lr=peak)
    steps = math.ceil(len(parts["train"]) / rows)
    rate = torch.optim.lr_scheduler.OneCycleLR(rule, peak, total_steps=epochs * steps, cycle_momentum=False)
    best = (0, 0)
    for _ in range(epochs):
        net.train()
        data = parts["train"][:]
        order.shuffle(data)
        data.sort(key=lambda item: (len(item[0]) // 12))
        groups = [data[i : i + rows] for i in range(0, len(data), rows)]
        order.shuffle(groups)
        for group in groups:
            tokens, lengths, labels = batch(group)
            rule.zero_grad()
            nn.functional.cross_entropy(net(tokens, lengths), labels).backward()
            nn.utils.clip_grad_norm_(net.parameters(), 1)
            rule.step()
            rate.step()
        dev = accuracy(net, parts["dev"])
        if dev > best[0]:
            best = (dev, accuracy(net, parts["test"]))
    return best


if __name__ == "__main__":
    torch.set_num_threads(2)
    text = {part: read(f"{sys.argv[1]}/{part}.tsv") for part in ("train", "dev", "test")}
    counts = collections.Counter(w for t, _ in text["train"] for w in t)
    numbers = {w: 4 + i for i, w in enumerate(sorted(w for w in counts if counts[w] >= 2))}
    parts = {k: [([numbers.get(w, 1) for w in t], label) for t, label in v] for k, v in text.items()}
    for seed in map(int, sys.argv[2:] or ["1"]):
        dev, test = run(parts, 4 + len(numbers), seed)
        print(f"PyTorch {torch.__version__} seed {seed}: dev {100 * dev:.2f} %, test {100 * test:.2f} %", flush=True)
