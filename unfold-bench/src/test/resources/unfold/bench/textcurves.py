"""Makes textcurves.txt: the losses of 20 training steps of small character models in PyTorch from weights and
tokens given by formulas, for TextCurveTest to reach from the same.

    python textcurves.py > textcurves.txt

Network: Embedding(27, 24), two layers of LSTM, GRU or RNN with 24 units, Linear(24, 27). Element i (row-major) of
parameter number k, in the alphabetical order of their names, is 0.3 * u(i, k), u uniform in [-1, 1) by a hash.
Step s reads tokens hash(i, 1000 + s) mod 27 of 6 streams, 10 steps long; each token's target is the next of its
stream, the last one's the first of it. States are carried from step to step without gradient, and start from zeros
in steps 0 and 12. RMSProp with rate 0.004 and alpha 0.95, gradients clipped to norm 0.2.
"""
import torch
from torch import nn

V, H, N, T = 27, 24, 6, 10


def hashed(count, salt):
    i = torch.arange(count, dtype=torch.int64)
    h = (i * 2654435761 + salt * 40503 + 12345) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 2246822519) & 0xFFFFFFFF
    return h ^ (h >> 13)


def curve(name, layer):
    net = nn.ModuleDict({"embedding": nn.Embedding(V, H), name: layer(H, H, 2), "fc": nn.Linear(H, V)})
    with torch.no_grad():
        for k, (_, p) in enumerate(sorted(net.named_parameters())):
            p.copy_((0.3 * (hashed(p.numel(), k).double() / 2**31 - 1)).float().reshape(p.shape))
    net.double()
    opt = torch.optim.RMSprop(net.parameters(), 0.004, alpha=0.95)
    losses, state, clipped = [], None, 0
    for s in range(20):
        if s == 12:
            state = None
        x = (hashed(T * N, 1000 + s) % V).reshape(T, N)
        y, state = net[name](net["embedding"](x), state)
        state = tuple(h.detach() for h in state) if isinstance(state, tuple) else state.detach()
        loss = nn.functional.cross_entropy(net["fc"](y).reshape(T * N, V), x.roll(-1, 0).reshape(-1))
        opt.zero_grad()
        loss.backward()
        clipped += int(nn.utils.clip_grad_norm_(net.parameters(), 0.2) > 0.2)
        opt.step()
        losses.append(loss.item())
    print(name, clipped, *("%.6f" % v for v in losses))


print(f"# textcurves.py, PyTorch {torch.__version__}, float64 from f32 weights: name, clipped steps, losses")
for name, layer in (("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)):
    curve(name, layer)
