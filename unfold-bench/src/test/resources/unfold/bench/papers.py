"""Writes papers.txt: logits and gradients of networks written independently with torch.nn.

    python papers.py > papers.txt

A line: model; options; salt of the input; sum of |logits|; logits; then each state by name in alphabetical order, a
parameter as `name=checksum/norm` of its gradient. Everything is filled with numbers from `uniform(i, salt)` in [-1, 1):
state n (from 0, alphabetically) with salt 2 + n: weights of rank > 1 times sqrt(6/fan in), other weights and
running variances 1 + u/2, biases and running means u/5. Logits are of evaluation; gradients are of training, of the sum
of y[i]*cos(i); a checksum is the sum of g[i]*cos(i). In double.
"""
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


def line(name, options, model, picture, batch=3):
    for salt in range(10001, 10100):
        x = uniform((batch, *picture), salt)
        exact = gradients(model, x)
        # Away from the kinks of rectifiers, or f32 could not agree with anything.
        if max(distance(gradients(model, x, 1e-6), exact), distance(gradients(model, x, 0.0, torch.float32), exact)) < 3e-4:
            break
    else:
        raise ValueError(f"{name}: no input is far from all kinks")
    with torch.no_grad():
        names = fill(model.double())
        y = model.eval()(x).flatten()
    show = [f"{k}={cosine(exact[k]):.6g}/{exact[k].norm():.6g}" if k in exact else k for k in names]
    numbers = " ".join(f"{v:.6g}" for v in y.tolist())
    print("; ".join((name, options, str(salt), f"{y.abs().sum():.6g}", numbers, " ".join(show))), flush=True)


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


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"# papers.py, PyTorch {torch.__version__}")
    line("tiny_darknet", "size=34 classes=5", TinyDarknet(5), (3, 34, 34))
    line("mobilenet_v1_0.25_224", "size=70 classes=5 dropout=0", MobileNetV1(0.25, 5), (3, 70, 70))
