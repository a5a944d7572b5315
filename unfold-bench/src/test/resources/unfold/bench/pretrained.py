"""Writes pretrained.txt: logits of published weights in networks written with torch.nn.

    python pretrained.py FOLDER > pretrained.txt        (FOLDER holds the files named below)

A line: model; file; logits of one picture, pixel (c, h, w) = (h*w*(c + 1)/16 + 3*h + 5*w + 40*c) modulo 256 in whole
numbers, scaled as the weights want it. In double from the file's f32 weights.
"""
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch import nn

from papers import MobileNetV1, TinyDarknet

IMAGENET = (torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225]))


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        self.stride, self.more = stride, o - i

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        x = x[:, :, :: self.stride, :: self.stride]
        return F.relu(y + F.pad(x, (0, 0, 0, 0, self.more // 2, self.more - self.more // 2)))


class CifarResNet(nn.Module):
    def __init__(self, blocks):
        super().__init__()
        self.conv1, self.bn1, i = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), 16
        for n, o in enumerate((16, 32, 64), 1):
            stage = []
            for b in range(blocks):
                stage.append(Block(i, o, 2 if n > 1 and not b else 1))
                i = o
            self.add_module(f"layer{n}", nn.Sequential(*stage))
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        x = self.layer3(self.layer2(self.layer1(F.relu(self.bn1(self.conv1(x))))))
        return self.linear(x.mean((2, 3)))


def picture(size):
    c, h, w = torch.meshgrid(torch.arange(3), torch.arange(size), torch.arange(size), indexing="ij")
    return ((h * w * (c + 1) // 16 + 3 * h + 5 * w + 40 * c) % 256).double()[None] / 255


def line(name, file, model, size, mean, deviation):
    path = f"{sys.argv[1]}/{file}"
    if file.endswith(".th"):
        state = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        state = {k.removeprefix("module."): v for k, v in state.items()}
    else:
        state = load_file(path)
    missing, unexpected = model.load_state_dict(state, strict=False)
    assert not unexpected and all(k.endswith("num_batches_tracked") for k in missing), (missing, unexpected)
    x = (picture(size) - mean.double().view(3, 1, 1)) / deviation.double().view(3, 1, 1)
    with torch.no_grad():
        y = model.double().eval()(x).flatten()
    print("; ".join((name, file, " ".join(f"{v:.5f}" for v in y.tolist()))))


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"# pretrained.py, PyTorch {torch.__version__}")
    half = torch.full((3,), 0.5)
    line("mobilenet_v1_0.25_224", "mobilenet_v1_0.25_224/mobilenet_v1_0.25_224.safetensors", MobileNetV1(0.25, 1000), 224, half, half)
    line("tiny_darknet", "tiny_darknet/tiny_darknet.safetensors", TinyDarknet(1000), 224, torch.zeros(3), torch.ones(3))
    line("resnet20_cifar", "cifar10-resnet/resnet20-12fca82f.th", CifarResNet(3), 32, *IMAGENET)
    line("resnet56_cifar", "cifar10-resnet/resnet56-4bfd9763.th", CifarResNet(9), 32, *IMAGENET)
