"""Writes models.txt: parameters and logits of networks written independently with torch.nn, and of torchvision's.

    python models.py > models.txt

As `--models` of `./bench parity` it has the networks that are not torchvision's.

A line: model; options; sum of |logits|; logits for two pictures; names of the states. Number i of the input is
sin(1 + 0.7 i). The states in alphabetical order are filled in turn, the n-th (from 0) with sin(2 + n + 0.7 i)
times 1.7/sqrt(fan in) for weights of rank > 1; running variances are 1.5 plus that. Evaluation, in double.
"""
import re
import warnings
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn


def lenet(act, pool, size=28):
    side = (size // 2 - 4) // 2
    return nn.Sequential(OrderedDict(
        c1=nn.Conv2d(1, 6, 5, padding=2), act1=act(), s2=pool(2), c3=nn.Conv2d(6, 16, 5), act3=act(), s4=pool(2),
        flatten=nn.Flatten(), c5=nn.Linear(16 * side * side, 120), act5=act(), f6=nn.Linear(120, 84), act6=act(),
        output=nn.Linear(84, 10)))


class Block(nn.Module):
    """Names and arithmetic of akamaster/pytorch_resnet_cifar10; shortcut None is a plain block."""

    def __init__(self, i, o, stride, shortcut):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.kind, self.changes = shortcut, stride != 1 or i != o
        if shortcut == "B" and self.changes:
            self.shortcut = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.kind == "A":
            y = y + (F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, y.shape[1] // 4, y.shape[1] // 4)) if self.changes else x)
        if self.kind == "B":
            y = y + (self.shortcut(x) if self.changes else x)
        return F.relu(y)


class ResNet(nn.Module):
    def __init__(self, depth, shortcut):
        super().__init__()
        self.conv1, self.bn1, i = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), 16
        for stage, o in enumerate((16, 32, 64)):
            blocks = []
            for k in range((depth - 2) // 6):
                blocks.append(Block(i, o, 2 if stage and not k else 1, shortcut))
                i = o
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.linear(F.avg_pool2d(x, x.shape[2:]).flatten(1))


def torchvision_network(name, **options):
    stub = torch.library.Library("torchvision", "FRAGMENT")
    for op in ("nms", "qnms"):  # a torchvision without its compiled ops still defines the models
        try:
            stub.define(f"{op}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass
    import torchvision
    return torchvision.models.get_model(name, weights=None, num_classes=10, **options)


def network(name, options):
    """A network for pictures of three channels and ten classes by its name in the zoo."""
    kind, depth = re.fullmatch(r"(resnet|plain)(\d+)_cifar", name).groups()
    return ResNet(int(depth), options["shortcut"] if kind == "resnet" else None)


def wave(shape, phase):
    return torch.sin(phase + 0.7 * torch.arange(torch.Size(shape).numel(), dtype=torch.float64)).reshape(shape)


def line(name, options, model, picture):
    model = model.double().eval()
    state = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    for n, (k, v) in enumerate(sorted(state.items())):
        scale = 1.7 / (v.numel() / v.shape[0]) ** 0.5 if v.dim() > 1 else 1
        v.copy_(scale * wave(v.shape, 2 + n) + (1.5 if k.endswith("running_var") else 0))
    y = model(wave((2, *picture), 1)).flatten()
    print("; ".join((name, options, f"{y.abs().sum():.6g}", " ".join(f"{v:.6g}" for v in y.tolist()), " ".join(sorted(state)))))


def main():
    print(f"# models.py, PyTorch {torch.__version__}, torchvision 0.28.0")
    line("lenet5", "-", lenet(nn.Tanh, nn.AvgPool2d), (1, 28, 28))
    line("lenet5_relu", "size=20", lenet(nn.ReLU, nn.MaxPool2d, 20), (1, 20, 20))
    for name, options, size in [("resnet20_cifar", "shortcut=A", 8), ("resnet20_cifar", "shortcut=B", 9),
                                ("plain20_cifar", "", 8), ("resnet32_cifar", "shortcut=A", 8)]:
        words = dict(w.split("=") for w in options.split())
        line(name, f"size={size} {options}".strip(), network(name, words), (3, size, size))
    for name, options, size in [("squeezenet1_0", {}, 32), ("squeezenet1_1", {}, 33), ("mobilenet_v2", {"width_mult": 0.25}, 32),
                                ("mobilenet_v3_small", {"width_mult": 0.25}, 32),
                                ("mobilenet_v3_large", {"width_mult": 0.25}, 33), ("resnet18", {}, 16), ("googlenet", {"init_weights": False, "aux_logits": False}, 16), ("densenet121", {}, 32)]:
        words = " ".join(f"{k}={v}" for k, v in options.items() if k == "width_mult")
        words = f"{words} aux=false".strip() if name == "googlenet" else words
        line(name, f"size={size} classes=10 {words}".strip(), torchvision_network(name, **options), (3, size, size))


if __name__ == "__main__":
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
