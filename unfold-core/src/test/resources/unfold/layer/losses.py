"""Writes losses.txt: losses of torch.nn.functional and their gradients.

    python losses.py > losses.txt

A line: loss; shape of the prediction x; the loss; sum of dx[i]*cos(i). Number i of x is
3 sin(1 + 0.7 i); labels are 3 i modulo the classes, and for "ignore" every second is 1, which is ignored; targets are
sin(2 + 0.7 i), for the cross-entropies softmax and sigmoid of them.
"""
import torch
import torch.nn.functional as F


def wave(shape, phase):
    return torch.sin(phase + 0.7 * torch.arange(torch.Size(shape).numel(), dtype=torch.float64)).reshape(shape)


def line(name, shape, loss):
    x = (3 * wave(shape, 1)).requires_grad_()
    value = loss(x)
    value.backward()
    dx = torch.dot(x.grad.flatten(), torch.cos(torch.arange(x.numel(), dtype=torch.float64)))
    print(f"{name}; {'x'.join(map(str, shape))}; {value.item():.7f}; {dx.item():.7f}")


N, C = 6, 5
labels = 3 * torch.arange(N) % C
some = labels.clone()
some[::2] = 1
y = wave((N, C), 2)
print(f"# losses.py, PyTorch {torch.__version__}")
line("softmax_cross_entropy", (N, C), lambda x: F.cross_entropy(x, labels))
line("smoothed", (N, C), lambda x: F.cross_entropy(x, labels, label_smoothing=0.1))
line("ignore", (N, C), lambda x: F.cross_entropy(x, some, ignore_index=1))
line("soft_cross_entropy", (N, C), lambda x: F.cross_entropy(x, y.softmax(1)))
line("squared_error", (N, C), lambda x: F.mse_loss(x, y))
line("absolute_error", (N, C), lambda x: F.l1_loss(x, y))
line("smooth_l1", (N, C), lambda x: F.smooth_l1_loss(x, y, beta=0.7))
line("binary_cross_entropy", (N, C), lambda x: F.binary_cross_entropy_with_logits(x, y.sigmoid()))
