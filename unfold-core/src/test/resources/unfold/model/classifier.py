"""Writes classifier.txt: logits, loss and all gradients of an embedding, an nn.LSTM/GRU/RNN over packed sentences, and
a linear layer on the top layer's last states.

    python classifier.py > classifier.txt

A line: cell and settings; the logits; the loss (mean cross-entropy); then each parameter's name with the checksum of
its gradient, the sum of g[i]*cos(i). The n-th parameter is 0.5 sin(2 + n + 0.7 i). Token t of row n is (3 t + 5 n + 1)
mod 7, the class of row n is n mod 3. Computed in double.
"""
import torch
from torch import nn

KINDS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}
WORDS, WIDTH, HIDDEN, CLASSES, STEPS = 7, 4, 5, 3, 6


def line(kind, layers, both, lengths):
    rows = len(lengths)
    embedding = nn.Embedding(WORDS, WIDTH, dtype=torch.float64)
    rnn = KINDS[kind](WIDTH, HIDDEN, layers, bidirectional=bool(both), dtype=torch.float64)
    fc = nn.Linear(HIDDEN * (1 + both), CLASSES, dtype=torch.float64)
    net = nn.ModuleDict({"embedding": embedding, kind: rnn, "fc": fc})
    with torch.no_grad():
        for n, p in enumerate(net.parameters()):
            p.copy_(0.5 * torch.sin(2 + n + 0.7 * torch.arange(p.numel(), dtype=torch.float64)).reshape(p.shape))
    tokens = torch.tensor([[(3 * t + 5 * n + 1) % WORDS for n in range(rows)] for t in range(STEPS)])
    x = nn.utils.rnn.pack_padded_sequence(embedding(tokens), torch.tensor(lengths), enforce_sorted=False)
    _, last = rnn(x)
    h = last[0] if kind == "lstm" else last
    logits = fc(torch.cat(list(h[-(1 + both):]), 1))
    loss = nn.functional.cross_entropy(logits, torch.tensor([n % CLASSES for n in range(rows)]))
    loss.backward()
    cosines = lambda g: torch.dot(g.flatten(), torch.cos(torch.arange(g.numel(), dtype=torch.float64))).item()
    print("; ".join([f"{kind} layers={layers} both={both} lengths={','.join(map(str, lengths))}",
                     " ".join(f"{v:.7f}" for v in logits.flatten().tolist()), f"{loss.item():.7f}"]
                    + [f"{k} {cosines(p.grad):.7f}" for k, p in net.named_parameters()]))


print(f"# classifier.py, PyTorch {torch.__version__}")
for kind in KINDS:
    line(kind, 1, 0, [6, 2, 4])
    line(kind, 1, 1, [3, 6, 1, 5])
    line(kind, 2, 1, [1, 4, 6])
