"""Makes curves.txt: the losses of 20 training steps in PyTorch from weights, pictures and labels given
by formulas, for CurveTest to reach from the same.

    python curves.py > curves.txt

Weights: element i (row-major) of parameter number k is gain * u(i, k), u uniform in [-1, 1) by a hash,
gain = sqrt(6 / fan-in) for weights with two or more axes; one-dimensional ones keep PyTorch's zeros and
ones (biases are zeroed). SGD with rate 0.005, momentum 0.9, weight decay 1e-3 on all but one-dimensional
parameters; batch 16; the same batch in every second step.
"""
import math
import torch
from torch import nn


def hashed(count, salt):
    i = torch.arange(count, dtype=torch.int64)
    h = (i * 2654435761 + salt * 40503 + 12345) & 0xFFFFFFFF
    h = ((h ^ (h >> 15)) * 2246822519) & 0xFFFFFFFF
    return h ^ (h >> 13)


class LeNet5(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(),
                         nn.AvgPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(),
                         nn.Linear(84, 10))


class Block(nn.Module):
    def __init__(self, i, o, s):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, s, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.stride, self.more = s, o - i

    def forward(self, x):
        y = self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x)))))
        if self.more:
            x = nn.functional.pad(x[:, :, ::self.stride, ::self.stride], (0, 0, 0, 0, self.more // 2, self.more // 2))
        return torch.relu(x + y)


def resnet20():
    layers, i = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for o in (16, 32, 64):
        for k in range(3):
            layers.append(Block(i, o, 2 if k == 0 and o != 16 else 1))
            i = o
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def curve(name, net, channels, size, mean, deviation):
    torch.manual_seed(0)
    with torch.no_grad():
        for k, p in enumerate(net.parameters()):
            if p.dim() > 1:
                fan = p[0].numel()
                u = hashed(p.numel(), k).double() / 2**31 - 1
                p.copy_((u * math.sqrt(6 / fan)).float().reshape(p.shape))
        for m in net.modules():
            if getattr(m, "bias", None) is not None:
                m.bias.zero_()
    wide = [p for p in net.parameters() if p.dim() > 1]
    flat = [p for p in net.parameters() if p.dim() == 1]
    opt = torch.optim.SGD([{"params": wide, "weight_decay": 1e-3}, {"params": flat}], 0.005, momentum=0.9)
    mean = torch.tensor(mean, dtype=torch.float64).reshape(1, -1, 1, 1)
    deviation = torch.tensor(deviation, dtype=torch.float64).reshape(1, -1, 1, 1)
    net.double()
    losses = []
    for step in range(20):
        n = 16 * channels * size * size
        x = (hashed(n, 1000 + step % 2) >> 24).double().reshape(16, channels, size, size)
        y = hashed(16, 2000 + step % 2) % 10
        loss = nn.functional.cross_entropy(net((x / 255 - mean) / deviation), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print(name, " ".join(f"{v:.6f}" for v in losses))


print(f"# curves.py, PyTorch {torch.__version__}, float64 from f32 weights")
curve("lenet5", LeNet5(), 1, 28, [0.1307], [0.3081])
curve("resnet20_cifar", resnet20(), 3, 32, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
