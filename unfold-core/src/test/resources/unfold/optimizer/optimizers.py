"""Writes optimizers.txt: parameters after four steps of torch.optim.

    python optimizers.py > optimizers.txt

A line: case; the weight [2x3]; the bias [2]. They start as sin(1 + 0.7 i) and sin(2 + 0.7 i); in step
t (from 1) their gradients are 2 sin(3 t + 0.7 i) and 2 sin(5 t + 0.7 i). Weight decay is on the weight only.
"""
import torch


def wave(shape, phase):
    return torch.sin(phase + 0.7 * torch.arange(torch.Size(shape).numel(), dtype=torch.float64)).reshape(shape)


def line(name, make, decay=0.0, clip=None):
    w, b = (torch.nn.Parameter(wave(s, p)) for s, p in (((2, 3), 1), ((2,), 2)))
    optimizer = make([{"params": [w], "weight_decay": decay}, {"params": [b], "weight_decay": 0.0}])
    for t in range(1, 5):
        w.grad, b.grad = 2 * wave((2, 3), 3 * t), 2 * wave((2,), 5 * t)
        if clip:
            clip([w, b])
        optimizer.step()
    print(f"{name}; " + "; ".join(" ".join(f"{v:.7f}" for v in p.flatten().tolist()) for p in (w, b)))


O = torch.optim
print(f"# optimizers.py, PyTorch {torch.__version__}")
line("sgd", lambda p: O.SGD(p, 0.1))
line("momentum", lambda p: O.SGD(p, 0.1, momentum=0.9), decay=0.01)
line("nesterov", lambda p: O.SGD(p, 0.1, momentum=0.9, nesterov=True), decay=0.01)
line("adam", lambda p: O.Adam(p, 0.1), decay=0.01)
line("adamw", lambda p: O.AdamW(p, 0.1), decay=0.05)
line("rmsprop", lambda p: O.RMSprop(p, 0.1), decay=0.01)
line("rmsprop-momentum", lambda p: O.RMSprop(p, 0.1, alpha=0.9, momentum=0.5))
line("adagrad", lambda p: O.Adagrad(p, 0.1), decay=0.01)
line("clip-norm", lambda p: O.SGD(p, 0.1, momentum=0.9), clip=lambda p: torch.nn.utils.clip_grad_norm_(p, 1.5))
line("clip-value", lambda p: O.SGD(p, 0.1), clip=lambda p: torch.nn.utils.clip_grad_value_(p, 0.7))
