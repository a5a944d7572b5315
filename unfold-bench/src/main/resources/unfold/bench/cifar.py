"""PyTorch's side of `./bench cifar`: ResNet-20 of He et al. (2016), 4.2, with their recipe in fewer epochs.

    python cifar.py FOLDER --epochs 12 --milestones 6,9 [--batch 128] [--seed 1] [--threads N] [--config bf16compile]

FOLDER has train/CLASS/*.jpg and test/CLASS/*.jpg of 32×32 pixels, each decoded once. Crops after padding by 4 black
pixels, flips, SGD 0.1 with momentum 0.9, weight decay 1e-4 on weights only, He initialisation, option-A shortcuts:
what Unfold's recipe `cifar` does. Prints a JSON line: accuracy on the test pictures after the last epoch, seconds from
the start of reading to the end, pictures a second of training alone.

It is given its best chance: pictures and augmentation as whole batches in memory, channels last, fused SGD, and an
allocator that keeps its pages.
"""
import argparse
import json
import os
import sys
import time

MALLOC = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "68719476736", "MALLOC_TOP_PAD_": "268435456",
          "MALLOC_ARENA_MAX": "1"}
if os.environ.get("MALLOC_ARENA_MAX") is None:
    os.execve(sys.executable, [sys.executable] + sys.argv, {**os.environ, **MALLOC})

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, channels_in, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.stride, self.more = stride, channels - channels_in

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        if self.more:
            x = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.more // 2, self.more - self.more // 2))
        return F.relu(x + y)


class ResNet20(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16)
        sizes = [(16, 16, 1), (16, 16, 1), (16, 16, 1), (16, 32, 2), (32, 32, 1), (32, 32, 1), (32, 64, 2), (64, 64, 1),
                 (64, 64, 1)]
        self.blocks = nn.Sequential(*(Block(*s) for s in sizes))
        self.linear = nn.Linear(64, classes)
        for m in self.modules():
            if isinstance(m, (nn.Conv2d, nn.Linear)):
                nn.init.kaiming_normal_(m.weight)
        nn.init.zeros_(self.linear.bias)

    def forward(self, x):
        return self.linear(self.blocks(F.relu(self.bn1(self.conv1(x)))).mean((2, 3)))


def pictures(folder):
    classes = sorted(os.listdir(folder))
    x, y = [], []
    for label, name in enumerate(classes):
        for file in sorted(os.listdir(os.path.join(folder, name))):
            x.append(np.asarray(Image.open(os.path.join(folder, name, file)).convert("RGB")))
            y.append(label)
    return torch.from_numpy(np.stack(x)).permute(0, 3, 1, 2).contiguous(), torch.tensor(y), len(classes)


def augmented(x, random):
    n = len(x)
    padded = F.pad(x, (4, 4, 4, 4))
    rows = torch.randint(0, 9, (n, 1), generator=random) + torch.arange(32)
    columns = torch.randint(0, 9, (n, 1), generator=random) + torch.arange(32)
    flip = torch.rand(n, 1, generator=random) < 0.5
    columns = torch.where(flip, columns.flip(1), columns)
    i = torch.arange(n)
    return padded[i[:, None, None], :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("folder"), p.add_argument("--epochs", type=int, default=12), p.add_argument("--milestones", default="6,9")
    p.add_argument("--batch", type=int, default=128), p.add_argument("--seed", type=int, default=1)
    p.add_argument("--threads", type=int, default=os.cpu_count())
    p.add_argument("--config", choices=["f32", "bf16", "f32compile", "bf16compile"], default="bf16compile")
    a = p.parse_args()
    torch.set_num_threads(a.threads), torch.manual_seed(a.seed), torch.set_flush_denormal(True)
    random = torch.Generator().manual_seed(a.seed)
    start = time.time()
    train, labels, classes = pictures(os.path.join(a.folder, "train"))
    test, test_labels, _ = pictures(os.path.join(a.folder, "test"))
    loaded = time.time()
    mean = 255 * torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = 255 * torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)

    def normal(x):
        return ((x.float() - mean) / deviation).contiguous(memory_format=torch.channels_last)

    net = ResNet20(classes).to(memory_format=torch.channels_last)
    decayed = [q for q in net.parameters() if q.dim() > 1]
    others = [q for q in net.parameters() if q.dim() <= 1]
    sgd = torch.optim.SGD([{"params": decayed, "weight_decay": 1e-4}, {"params": others, "weight_decay": 0}], 0.1,
                          momentum=0.9, fused=True)
    falls = torch.optim.lr_scheduler.MultiStepLR(sgd, [int(m) for m in a.milestones.split(",")], 0.1)
    run = torch.compile(net) if "compile" in a.config else net
    bf16 = a.config.startswith("bf16")
    steps, training, accuracy = len(train) // a.batch, 0.0, 0.0
    for epoch in range(a.epochs):
        began = time.time()
        net.train()
        order = torch.randperm(len(train), generator=random)
        for k in range(steps):
            items = order[k * a.batch: (k + 1) * a.batch]
            x = normal(augmented(train[items], random))
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                loss = F.cross_entropy(run(x).float(), labels[items])
            sgd.zero_grad(set_to_none=True)
            loss.backward()
            sgd.step()
        falls.step()
        training += time.time() - began
        net.eval()
        right = 0
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=bf16):
            for k in range(0, len(test), 500):
                right += int((net(normal(test[k: k + 500])).argmax(1) == test_labels[k: k + 500]).sum())
        accuracy = right / len(test)
        print(f"epoch {epoch + 1}  loss {loss.item():.4f}  test accuracy {100 * accuracy:.2f} %", file=sys.stderr, flush=True)
    print(json.dumps({"framework": "pytorch", "version": torch.__version__, "config": a.config, "epochs": a.epochs,
                      "accuracy": accuracy, "seconds": time.time() - start, "read_seconds": loaded - start,
                      "items_per_s": a.epochs * steps * a.batch / training}))


main()
