"""Writes papers.txt: logits and gradients of networks written independently with torch.nn.

    python papers.py > papers.txt

A line: model; options; salt of the input; tolerance, relative to a gradient's norm, or - where no input
is far from all kinks and logits only are compared; sum of |logits|; logits; then each state by name in alphabetical order, a
parameter as `name=checksum/norm` of its gradient. Everything is filled with numbers from `uniform(i, salt)` in [-1, 1):
state n (from 0, alphabetically) with salt 2 + n: weights of rank > 1 times sqrt(6/fan in), other weights and
running variances 1 + u/2, biases and running means u/5. Logits are of evaluation; gradients are of training, of the sum
of y[i]*cos(i); a checksum is the sum of g[i]*cos(i). In double.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def uniform(shape, salt):
    i = np.arange(torch.Size(shape).numel(), dtype=np.uint64)
    h = (i * np.uint64(2654435761) + np.uint64(salt * 40503 + 12345)) & np.uint64(0xFFFFFFFF)
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(2246822519)) & np.uint64(0xFFFFFFFF)
    h = h ^ (h >> np.uint64(13))
    return torch.from_numpy(h.astype(np.float64) / 2**31 - 1).reshape(shape)


def cosine(y):
    return (y * torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape)).sum()


def fill(model, noise=0.0):
    state = {k: v for k, v in model.state_dict().items() if not k.endswith("num_batches_tracked")}
    for n, (k, v) in enumerate(sorted(state.items())):
        u = uniform(v.shape, 2 + n)
        if v.dim() > 1:
            u = u * (6 / (v.numel() / v.shape[0])) ** 0.5
        else:
            u = 1 + u / 2 if k.endswith(("weight", "running_var")) else u / 5
        v.copy_(u + noise * uniform(v.shape, 7777 + n) * u.abs().max())
    return sorted(state)


def gradients(model, x, noise=0.0, dtype=torch.float64):
    model.zero_grad()
    with torch.no_grad():
        fill(model.double(), noise)
    model.to(dtype)
    cosine(model.train()(x.to(dtype)).double()).backward()
    return {k: p.grad.double().clone() for k, p in model.named_parameters()}


def distance(a, b):
    return max(((a[k] - b[k]).norm() / (b[k].norm() + 0.1)).item() for k in b)


def line(name, options, model, picture, tolerance=1e-3, calm=3e-4, batch=3):
    if sys.argv[1:] and name not in sys.argv[1:]:
        return
    for salt in range(10001, 10100):
        x = uniform((batch, *picture), salt)
        if not tolerance:
            exact = {}
            break
        exact = gradients(model, x)
        # Away from the kinks of rectifiers, or f32 could not agree with anything.
        if max(distance(gradients(model, x, 1e-6), exact), distance(gradients(model, x, 0.0, torch.float32), exact)) < calm:
            break
    else:
        raise ValueError(f"{name}: no input is far from all kinks")
    with torch.no_grad():
        names = fill(model.double())
        y = model.eval()(x).flatten()
    show = [f"{k}={cosine(exact[k]):.6g}/{exact[k].norm():.6g}" if k in exact else k for k in names]
    numbers = " ".join(f"{v:.6g}" for v in y.tolist())
    print("; ".join((name, options, str(salt), f"{tolerance:g}" if tolerance else "-", f"{y.abs().sum():.6g}", numbers, " ".join(show))), flush=True)


class Same(nn.Module):
    """Pads as TensorFlow does, then applies a layer that does not pad."""

    def __init__(self, kernel, stride, value=0.0):
        super().__init__()
        self.kernel, self.stride, self.value = kernel, stride, value

    def forward(self, x):
        pads = []
        for extent in (x.shape[3], x.shape[2]):
            out = -(-extent // self.stride)
            zeros = max(0, (out - 1) * self.stride + self.kernel - extent)
            pads += [zeros // 2, zeros - zeros // 2]
        return F.pad(x, pads, value=self.value)


class TinyDarknet(nn.Module):
    PLAN = ((16, 3), "M", (32, 3), "M", (16, 1), (128, 3), (16, 1), (128, 3), "M", (32, 1), (256, 3), (32, 1), (256, 3), "M",
            (64, 1), (512, 3), (64, 1), (512, 3), (128, 1))

    def __init__(self, classes):
        super().__init__()
        i, n = 3, 0
        for step in self.PLAN:
            if step != "M":
                n += 1
                o, k = step
                self.add_module(f"conv2d_{n}", nn.Conv2d(i, o, k, padding=k // 2, bias=False))
                self.add_module(f"batch_normalization_{n}", nn.BatchNorm2d(o, eps=1e-3))
                i = o
        self.conv2d_16 = nn.Conv2d(i, classes, 1)

    def forward(self, x):
        n = 0
        for step in self.PLAN:
            if step == "M":
                x = F.max_pool2d(Same(2, 2, -1e30)(x), 2)
            else:
                n += 1
                x = getattr(self, f"batch_normalization_{n}")(getattr(self, f"conv2d_{n}")(x))
                x = F.leaky_relu(x, 0.1)
        return self.conv2d_16(x).mean((2, 3))


class MobileNetV1(nn.Module):
    def __init__(self, alpha, classes):
        super().__init__()
        self.steps = []
        i = int(32 * alpha)
        self.add("conv1", nn.Conv2d(3, i, 3, 2, bias=False))
        for n, (o, s) in enumerate([(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)] + 5 * [(512, 1)]
                                   + [(1024, 2), (1024, 1)], 1):
            o = int(o * alpha)
            self.add(f"conv_dw_{n}", nn.Conv2d(i, i, 3, s, groups=i, bias=False))
            self.add(f"conv_pw_{n}", nn.Conv2d(i, o, 1, bias=False))
            i = o
        self.conv_preds = nn.Conv2d(i, classes, 1)

    def add(self, name, conv):
        self.add_module(name, conv)
        self.add_module(name + "_bn", nn.BatchNorm2d(conv.out_channels, eps=1e-3))
        self.steps.append((name, Same(conv.kernel_size[0], conv.stride[0])))

    def forward(self, x):
        for name, pad in self.steps:
            x = F.relu6(getattr(self, name + "_bn")(getattr(self, name)(pad(x))))
        return self.conv_preds(x.mean((2, 3), keepdim=True)).flatten(1)


class AlexNetLrn(nn.Module):
    def __init__(self, size, groups, before, hidden, classes):
        super().__init__()
        self.before = before
        self.conv1, self.conv2 = nn.Conv2d(3, 96, 11, 4), nn.Conv2d(96, 256, 5, padding=2, groups=groups)
        self.conv3, self.conv4 = nn.Conv2d(256, 384, 3, padding=1), nn.Conv2d(384, 384, 3, padding=1, groups=groups)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1, groups=groups)
        side = ((((size - 11) // 4 + 1 - 3) // 2 + 1 - 3) // 2 + 1 - 3) // 2 + 1
        self.fc6, self.fc7, self.fc8 = nn.Linear(256 * side * side, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, classes)

    def reduce(self, x):
        lrn = lambda x: F.local_response_norm(x, 5, 5e-4, 0.75, 2.0)
        return F.max_pool2d(lrn(x), 3, 2) if self.before else lrn(F.max_pool2d(x, 3, 2))

    def forward(self, x):
        x = self.reduce(F.relu(self.conv1(x)))
        x = self.reduce(F.relu(self.conv2(x)))
        x = F.relu(self.conv5(F.relu(self.conv4(F.relu(self.conv3(x))))))
        x = F.max_pool2d(x, 3, 2).flatten(1)
        return self.fc8(F.relu(self.fc7(F.relu(self.fc6(x)))))


class ZfNet(nn.Module):
    def __init__(self, side, hidden, classes):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 96, 7, 2, 1), nn.Conv2d(96, 256, 5, 2)
        self.conv3, self.conv4 = nn.Conv2d(256, 384, 3, padding=1), nn.Conv2d(384, 384, 3, padding=1)
        self.conv5 = nn.Conv2d(384, 256, 3, padding=1)
        self.fc6, self.fc7, self.fc8 = nn.Linear(256 * side * side, hidden), nn.Linear(hidden, hidden), nn.Linear(hidden, classes)

    def forward(self, x):
        for conv in (self.conv1, self.conv2):
            x = F.max_pool2d(F.relu(conv(x)), 3, 2, ceil_mode=True)
            x = F.local_response_norm(x, 5, 5e-4, 0.75, 2.0)
        x = F.relu(self.conv5(F.relu(self.conv4(F.relu(self.conv3(x))))))
        x = F.max_pool2d(x, 3, 2).flatten(1)
        return self.fc8(F.relu(self.fc7(F.relu(self.fc6(x)))))


class Nin(nn.Module):
    """Blocks of (name, convolution, first cccp, widths, pooling behind)."""

    def __init__(self, blocks):
        super().__init__()
        self.blocks = blocks
        for name, conv, number, (middle, out), _ in blocks:
            self.add_module(name, conv)
            self.add_module(f"cccp{number}", nn.Conv2d(conv.out_channels, middle, 1))
            self.add_module(f"cccp{number + 1}", nn.Conv2d(middle, out, 1))

    def forward(self, x):
        for name, _, number, _, pool in self.blocks:
            for layer in (name, f"cccp{number}", f"cccp{number + 1}"):
                x = F.relu(getattr(self, layer)(x))
            if pool:
                x = pool(x, 3, 2, ceil_mode=True)
        return x.mean((2, 3))


def nin_cifar(classes):
    return Nin([("conv1", nn.Conv2d(3, 192, 5, padding=2), 1, (160, 96), F.max_pool2d),
                ("conv2", nn.Conv2d(96, 192, 5, padding=2), 3, (192, 192), F.avg_pool2d),
                ("conv3", nn.Conv2d(192, 192, 3, padding=1), 5, (192, classes), None)])


def nin_imagenet(classes):
    return Nin([("conv1", nn.Conv2d(3, 96, 11, 4), 1, (96, 96), F.max_pool2d),
                ("conv2", nn.Conv2d(96, 256, 5, padding=2), 3, (256, 256), F.max_pool2d),
                ("conv3", nn.Conv2d(256, 384, 3, padding=1), 5, (384, 384), F.max_pool2d),
                ("conv4", nn.Conv2d(384, 1024, 3, padding=1), 7, (1024, classes), None)])


class WideBlock(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.bn0, self.conv0 = nn.BatchNorm2d(i), nn.Conv2d(i, o, 3, stride, 1, bias=False)
        self.bn1, self.conv1 = nn.BatchNorm2d(o), nn.Conv2d(o, o, 3, 1, 1, bias=False)
        self.convdim = nn.Conv2d(i, o, 1, stride, bias=False) if i != o else None

    def forward(self, x):
        z = F.relu(self.bn0(x))
        y = self.conv1(F.relu(self.bn1(self.conv0(z))))
        return y + (self.convdim(z) if self.convdim else x)


class WideResNet(nn.Module):
    def __init__(self, depth, k, classes):
        super().__init__()
        self.conv0, i = nn.Conv2d(3, 16, 3, padding=1, bias=False), 16
        for g, o in enumerate((16 * k, 32 * k, 64 * k)):
            blocks = nn.ModuleDict()
            for b in range((depth - 4) // 6):
                blocks[f"block{b}"] = WideBlock(i, o, 2 if g and not b else 1)
                i = o
            self.add_module(f"group{g}", blocks)
        self.bn, self.fc = nn.BatchNorm2d(i), nn.Linear(i, classes)

    def forward(self, x):
        x = self.conv0(x)
        for group in (self.group0, self.group1, self.group2):
            for block in group.values():
                x = block(x)
        return self.fc(F.relu(self.bn(x)).mean((2, 3)))


class Bottleneck(nn.Module):
    """ResNeXt's and SENet's block."""

    def __init__(self, i, middle, o, stride, groups, first=False, se=False):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, middle, 1, stride if first else 1, bias=False), nn.BatchNorm2d(middle)
        self.conv2 = nn.Conv2d(middle, middle, 3, 1 if first else stride, 1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3, self.bn3 = nn.Conv2d(middle, o, 1, bias=False), nn.BatchNorm2d(o)
        self.downsample = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o)) if i != o else None
        self.se_module = nn.ModuleDict({"fc1": nn.Conv2d(o, o // 16, 1), "fc2": nn.Conv2d(o // 16, o, 1)}) if se else None

    def forward(self, x):
        y = self.bn3(self.conv3(F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))))
        if self.se_module:
            z = y.mean((2, 3), keepdim=True)
            y = y * torch.sigmoid(self.se_module["fc2"](F.relu(self.se_module["fc1"](z))))
        return F.relu(y + (self.downsample(x) if self.downsample else x))


class CifarResNeXt(nn.Module):
    def __init__(self, groups, width, classes):
        super().__init__()
        self.conv1, self.bn1, i = nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), 64
        for n, o in enumerate((256, 512, 1024)):
            blocks = []
            for b in range(3):
                blocks.append(Bottleneck(i, groups * width * 2**n, o, 2 if n and not b else 1, groups))
                i = o
            self.add_module(f"layer{n + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(i, classes)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.fc(x.mean((2, 3)))


class SeNet(nn.Module):
    def __init__(self, blocks, groups, width, classes):
        super().__init__()
        self.layer0 = nn.ModuleDict({"conv1": nn.Conv2d(3, 64, 7, 2, 3, bias=False), "bn1": nn.BatchNorm2d(64)})
        i = 64
        for n, count in enumerate(blocks):
            o, stage = 256 * 2**n, []
            for b in range(count):
                stage.append(Bottleneck(i, groups * width * 2**n, o, 2 if n and not b else 1, groups, groups == 1, True))
                i = o
            self.add_module(f"layer{n + 1}", nn.Sequential(*stage))
        self.last_linear = nn.Linear(i, classes)

    def forward(self, x):
        x = F.relu(self.layer0["bn1"](self.layer0["conv1"](x)))
        x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        return self.last_linear(self.layer4(self.layer3(self.layer2(self.layer1(x)))).mean((2, 3)))


class DenseLayer(nn.Module):
    def __init__(self, i, growth, middle):
        super().__init__()
        self.norm1, self.middle = nn.BatchNorm2d(i), middle
        self.conv1 = nn.Conv2d(i, middle or growth, 1 if middle else 3, padding=0 if middle else 1, bias=False)
        if middle:
            self.norm2, self.conv2 = nn.BatchNorm2d(middle), nn.Conv2d(middle, growth, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.norm1(x)))
        return torch.cat((x, self.conv2(F.relu(self.norm2(y))) if self.middle else y), 1)


def cifar_densenet(depth, growth, compressed, classes):
    i = 2 * growth if compressed else 16
    features = nn.Sequential()
    features.add_module("conv0", nn.Conv2d(3, i, 3, padding=1, bias=False))
    for block in (1, 2, 3):
        dense = nn.Sequential()
        for n in range((depth - 4) // (6 if compressed else 3)):
            dense.add_module(f"denselayer{n + 1}", DenseLayer(i, growth, 4 * growth if compressed else 0))
            i += growth
        features.add_module(f"denseblock{block}", dense)
        if block < 3:
            o = i // 2 if compressed else i
            transition = nn.Sequential()
            for name, layer in (("norm", nn.BatchNorm2d(i)), ("relu", nn.ReLU()), ("conv", nn.Conv2d(i, o, 1, bias=False)),
                                ("pool", nn.AvgPool2d(2))):
                transition.add_module(name, layer)
            features.add_module(f"transition{block}", transition)
            i = o
    features.add_module("norm5", nn.BatchNorm2d(i))
    model = nn.Sequential()
    for name, layer in (("features", features), ("relu", nn.ReLU()), ("pool", nn.AdaptiveAvgPool2d(1)),
                        ("flatten", nn.Flatten()), ("classifier", nn.Linear(i, classes))):
        model.add_module(name, layer)
    return model


class Fractal(nn.Module):
    """f(x, depth) by the recursion of the paper, as a list of results still to be joined."""

    def __init__(self, i, o, columns):
        super().__init__()
        self.columns = columns
        for c in range(1, columns + 1):
            units = [nn.ModuleDict({"conv": nn.Conv2d(o if n else i, o, 3, padding=1, bias=False), "bn": nn.BatchNorm2d(o)})
                     for n in range(2 ** (c - 1))]
            self.add_module(f"column{c}", nn.ModuleList(units))

    def parts(self, x, level):
        # level 1 is the deepest column alone; each level adds the column to its left
        column = self.columns - level + 1
        unit = getattr(self, f"column{column}")[self.used[column]]
        self.used[column] += 1
        mine = F.relu(unit["bn"](unit["conv"](x)))
        if level == 1:
            return [mine]
        half = torch.stack(self.parts(x, level - 1)).mean(0)
        return [mine] + self.parts(half, level - 1)

    def forward(self, x):
        self.used = [0] * (self.columns + 1)
        return torch.stack(self.parts(x, self.columns)).mean(0)


class FractalNet(nn.Module):
    def __init__(self, columns, widths, size, classes):
        super().__init__()
        i = 3
        for n, o in enumerate(widths, 1):
            self.add_module(f"block{n}", Fractal(i, o, columns))
            i, size = o, size // 2
        self.fc = nn.Linear(i * size * size, classes)

    def forward(self, x):
        n = 1
        while hasattr(self, f"block{n}"):
            x, n = F.max_pool2d(getattr(self, f"block{n}")(x), 2), n + 1
        return self.fc(x.flatten(1))


class Separable(nn.Module):
    def __init__(self, i, o, kernel, stride, eps):
        super().__init__()
        for n, (a, s) in enumerate(((i, stride), (o, 1)), 1):
            self.add_module(f"separable_{n}", nn.ModuleDict({
                "depthwise_conv2d": nn.Conv2d(a, a, kernel, s, groups=a, bias=False),
                "pointwise_conv2d": nn.Conv2d(a, o, 1, bias=False)}))
            self.add_module(f"bn_sep_{n}", nn.BatchNorm2d(o, eps=eps))
        self.pads = Same(kernel, stride), Same(kernel, 1)

    def forward(self, x):
        for n in (1, 2):
            layers = getattr(self, f"separable_{n}")
            x = layers["pointwise_conv2d"](layers["depthwise_conv2d"](self.pads[n - 1](F.relu(x))))
            x = getattr(self, f"bn_sep_{n}")(x)
        return x


class Pool(nn.Module):
    def __init__(self, kind, i, o, stride, eps):
        super().__init__()
        self.kind, self.stride, self.match = kind, stride, i != o
        if i != o:
            self.conv, self.bn = nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o, eps=eps)

    def forward(self, x):
        if self.kind == "max":
            y = F.max_pool2d(Same(3, self.stride, -1e30)(x), 3, self.stride)
        else:
            pad = Same(3, self.stride)
            inside = F.avg_pool2d(pad(torch.ones_like(x)), 3, self.stride)
            y = F.avg_pool2d(pad(x), 3, self.stride) / inside
        return self.bn(self.conv(y)) if self.match else y


class Project(nn.Module):
    def __init__(self, i, o, eps, relu=True):
        super().__init__()
        self.conv, self.bn, self.relu = nn.Conv2d(i, o, 1, bias=False), nn.BatchNorm2d(o, eps=eps), relu

    def forward(self, x):
        return self.bn(self.conv(F.relu(x) if self.relu else x))


class NasCell(nn.Module):
    """Combinations as (kind, operand) pairs; operand "h", "p" or the number of a combination."""
    NORMAL = ((("sep5", "h"), ("sep3", "p")), (("sep5", "p"), ("sep3", "p")), (("avg", "h"), ("id", "p")),
              (("avg", "p"), ("avg", "p")), (("sep3", "h"), ("id", "h")))
    REDUCTION = ((("sep5", "h"), ("sep7", "p")), (("max", "h"), ("sep7", "p")), (("avg", "h"), ("sep5", "p")),
                 (("id", 1), ("avg", 0)), (("sep3", 0), ("max", "h")))

    def __init__(self, h, p, o, reduction, smaller, eps):
        """Channels of h; of p, or 0 in the first cell; whether p is larger than h."""
        super().__init__()
        self.plan, self.reduction, self.first, self.smaller = self.REDUCTION if reduction else self.NORMAL, reduction, not p, smaller
        self.conv_1x1 = Project(h, o, eps)
        if smaller:
            self.path_1, self.path_2 = (nn.ModuleDict({"conv": nn.Conv2d(p, n, 1, bias=False)}) for n in (o // 2, o - o // 2))
            self.final_path_bn = nn.BatchNorm2d(o, eps=eps)
        elif p and p != o:
            self.conv_prev_1x1 = Project(p, o, eps)
        widths = {"h": o, "p": h if self.first else o}
        for n, sides in enumerate(self.plan):
            for side, (kind, operand) in zip(("left", "right"), sides):
                stride, i = 2 if reduction and operand in ("h", "p") else 1, widths.get(operand, o)
                layer = (Separable(i, o, int(kind[3]), stride, eps) if kind.startswith("sep") else
                         Pool(kind, i, o, stride, eps) if kind in ("avg", "max") else
                         Project(i, o, eps) if i != o else nn.Identity())
                self.add_module(f"comb_iter_{n}_{side}", layer)
        if not reduction and widths["p"] != o:
            self.final = Project(widths["p"], o, eps, relu=False)

    def forward(self, x, before):
        v = {"h": self.conv_1x1(x)}
        if self.first:
            v["p"] = x
        elif self.smaller:
            r = F.relu(before)
            shifted = F.pad(r, (0, 1, 0, 1))[:, :, 1:, 1:]
            v["p"] = self.final_path_bn(torch.cat((self.path_1["conv"](r[:, :, ::2, ::2]),
                                                   self.path_2["conv"](shifted[:, :, ::2, ::2])), 1))
        else:
            v["p"] = self.conv_prev_1x1(before) if hasattr(self, "conv_prev_1x1") else before
        for n, sides in enumerate(self.plan):
            v[n] = sum(getattr(self, f"comb_iter_{n}_{side}")(v[operand]) for side, (_, operand) in zip(("left", "right"), sides))
        if self.reduction:
            return torch.cat([v[n] for n in (1, 2, 3, 4)], 1)
        p = self.final(v["p"]) if hasattr(self, "final") else v["p"]
        return torch.cat([p] + [v[n] for n in range(5)], 1)


class NasNet(nn.Module):
    def __init__(self, filters, cells, large, eps, classes):
        super().__init__()
        width = 32 if large else 3 * filters
        self.large = large
        self.conv0 = nn.ModuleDict({"conv": nn.Conv2d(3, width, 3, 2 if large else 1, 0 if large else 1, bias=False),
                                    "bn": nn.BatchNorm2d(width, eps=eps)})
        plan = [("cell_stem_0", filters // 4, True), ("cell_stem_1", filters // 2, True)] if large else []
        for stack in range(3):
            plan += [(f"reduction_cell_{stack - 1}", filters * 2**stack, True)] if stack else []
            plan += [(f"cell_{stack * cells + n}", filters * 2**stack, False) for n in range(cells)]
        self.names, p, h, smaller = [name for name, _, _ in plan], 0, width, False
        for name, o, reduction in plan:
            self.add_module(name, NasCell(h, p, o, reduction, smaller, eps))
            p, h, smaller = h, o * (4 if reduction else 6), reduction
        self.last_linear = nn.Linear(h, classes)

    def forward(self, x):
        x, before = self.conv0["bn"](self.conv0["conv"](x)), None
        for name in self.names:
            x, before = getattr(self, name)(x, before), x
        return self.last_linear(F.relu(x).mean((2, 3)))


SE_NETS = {
    "se_resnet50": ((3, 4, 6, 3), 1, 64),
    "se_resnet101": ((3, 4, 23, 3), 1, 64),
    "se_resnet152": ((3, 8, 36, 3), 1, 64),
    "se_resnext50_32x4d": ((3, 4, 6, 3), 32, 4),
}


def network(name, options):
    """What `./bench parity NAME --models papers.py` compares with; the SE networks are not torchvision's."""
    return SeNet(*SE_NETS[name], int(options["classes"]))


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"# papers.py, PyTorch {torch.__version__}")
    line("tiny_darknet", "size=34 classes=5", TinyDarknet(5), (3, 34, 34))
    line("mobilenet_v1_0.25_224", "size=70 classes=5 dropout=0", MobileNetV1(0.25, 5), (3, 70, 70))
    line("alexnet_lrn", "size=67 hidden=9 dropout=0 classes=5", AlexNetLrn(67, 1, False, 9, 5), (3, 67, 67))
    line("alexnet_lrn", "size=67 hidden=9 dropout=0 classes=5 groups=2 lrn=before_pool", AlexNetLrn(67, 2, True, 9, 5), (3, 67, 67))
    line("zfnet", "size=94 hidden=9 dropout=0 classes=5", ZfNet(1, 9, 5), (3, 94, 94))
    line("nin_cifar", "size=13 dropout=0 classes=5", nin_cifar(5), (3, 13, 13))
    line("nin_imagenet", "size=71 dropout=0 classes=5", nin_imagenet(5), (3, 71, 71))
    line("wrn16_4_cifar", "size=10 classes=5", WideResNet(16, 4, 5), (3, 10, 10))
    line("resnext29_8x64d_cifar", "size=8 classes=5", CifarResNeXt(8, 64, 5), (3, 8, 8), 1e-2)
    line("se_resnet50", "size=34 classes=5", SeNet((3, 4, 6, 3), 1, 64, 5), (3, 34, 34), None)
    line("se_resnext50_32x4d", "size=34 classes=5", SeNet((3, 4, 6, 3), 32, 4, 5), (3, 34, 34), None)
    line("densenet40_12_cifar", "size=8 classes=5", cifar_densenet(40, 12, False, 5), (3, 8, 8), 1e-2, 1e-2 / 3)
    line("densenet_bc100_12_cifar", "size=8 classes=5", cifar_densenet(100, 12, True, 5), (3, 8, 8), 1e-2, 1e-2 / 3)
    line("fractalnet40_cifar", "size=32 classes=5 drop_path=0 global=0", FractalNet(4, (16, 32, 64, 128, 128), 32, 5), (3, 32, 32), 1e-2, 1e-2 / 3)
    line("nasnet_a_mobile", "size=128 filters=8 cells=1 dropout=0 classes=5", NasNet(8, 1, True, 1e-3, 5), (3, 128, 128), 1e-2, 1e-2 / 3)
    line("nasnet_a_cifar", "size=12 filters=6 cells=2 drop_path=0 classes=5", NasNet(6, 2, False, 1e-5, 5), (3, 12, 12), 1e-2, 1e-2 / 3)
