"""Writes recurrent.txt: what nn.LSTM, nn.GRU and nn.RNN give, and all gradients.

    python recurrent.py > recurrent.txt

A line: cell and settings; checksums of y and of the last states; checksums of the gradients in x, the
initial states and each parameter by name. The loss is the sum of all checksums of results; a checksum is
the sum of v[i]*cos(i). Sequences are N x T x D. Number i of x is sin(1 + 0.7 i), of the k-th initial state
sin(0.3 k + 0.7 i), of the n-th parameter 0.5 sin(2 + n + 0.7 i). Computed in double.
"""
import torch
from torch import nn

KINDS = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}


def wave(shape, scale, phase):
    n = torch.Size(shape).numel()
    return scale * torch.sin(phase + 0.7 * torch.arange(n, dtype=torch.float64)).reshape(shape)


def checksum(v):
    return torch.dot(v.flatten(), torch.cos(torch.arange(v.numel(), dtype=torch.float64)))


def line(kind, n=3, t=4, d=5, h=6, layers=1, both=0, bias=1, proj=0, lengths=None, **more):
    if proj:
        more["proj_size"] = proj
    m = KINDS[kind](d, h, layers, bias=bool(bias), batch_first=True, bidirectional=bool(both), dtype=torch.float64, **more)
    with torch.no_grad():
        for k, p in enumerate(m.parameters()):
            p.copy_(wave(p.shape, 0.5, 2 + k))
    x = wave((n, t, d), 1, 1).requires_grad_()
    rows = layers * (1 + both)
    widths = [proj or h, h] if kind == "lstm" else [h]
    states = [wave((rows, n, w), 1, 0.3 * k).requires_grad_() for k, w in enumerate(widths)]
    given = tuple(states) if kind == "lstm" else states[0]
    if lengths:
        packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor(lengths), True, enforce_sorted=False)
        y, last = m(packed, given)
        y, _ = nn.utils.rnn.pad_packed_sequence(y, True, total_length=t)
    else:
        y, last = m(x, given)
    results = [y] + list(last if kind == "lstm" else [last])
    sum(checksum(r) for r in results).backward()
    words = f"{kind} n={n} t={t} d={d} h={h} layers={layers} both={both} bias={bias} proj={proj}"
    words += "".join(f" {k}={v}" for k, v in more.items() if k != "proj_size")
    words += f" lengths={','.join(map(str, lengths))}" if lengths else ""
    print("; ".join([words, " ".join(f"{checksum(r).item():.6f}" for r in results), f"x {checksum(x.grad).item():.6f}"]
                    + [f"{k}0 {checksum(s.grad).item():.6f}" for k, s in zip("hc", states)]
                    + [f"{k} {checksum(p.grad).item():.6f}" for k, p in m.named_parameters()]))


print(f"# recurrent.py, PyTorch {torch.__version__}")
for kind in ("lstm", "gru", "rnn"):
    line(kind)
    line(kind, bias=0)
    line(kind, lengths=[4, 1, 3])
    line(kind, both=1)
    line(kind, both=1, lengths=[2, 4, 3])
    line(kind, layers=3, h=4)
    line(kind, layers=2, both=1, lengths=[1, 4, 2])
    line(kind, n=1, t=1)
line("rnn", nonlinearity="relu")
line("lstm", proj=3)
line("lstm", proj=2, layers=2, both=1, lengths=[4, 2, 1])
