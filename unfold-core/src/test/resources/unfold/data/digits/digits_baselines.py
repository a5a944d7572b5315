"""How hard the built-in digits are: a linear classifier and LeNet-5 on them, in PyTorch.

    java -cp TEST_CLASSES:CLASSES unfold.data.digits.DigitsExport FOLDER
    python digits_baselines.py FOLDER

Measured on version 1 (PyTorch 2.13.0, CPU, seed 0, 5 epochs, Adam, one cycle):
linear 90.9 % of the test digits, LeNet-5 99.3 %, a CNN of four times its width 99.6 % after 3 epochs.
"""

import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def load(split):
    pixels = np.fromfile(f"{sys.argv[1]}/{split}.pixels", np.uint8).reshape(-1, 1, 28, 28)
    labels = np.fromfile(f"{sys.argv[1]}/{split}.labels", np.uint8)
    return torch.tensor(pixels).float() / 255, torch.tensor(labels).long()


def train(name, net, epochs, rate):
    steps = epochs * (len(X) // 128)
    optimiser = torch.optim.Adam(net.parameters(), rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps)
    for epoch in range(epochs):
        net.train()
        order = torch.randperm(len(X))
        for k in range(len(X) // 128):
            i = order[k * 128 : (k + 1) * 128]
            optimiser.zero_grad()
            F.cross_entropy(net(X[i]), Y[i]).backward()
            optimiser.step()
            schedule.step()
        net.eval()
        with torch.no_grad():
            predicted = torch.cat([net(t) for t in T.split(1000)]).argmax(1)
        print(f"{name} epoch {epoch}: {(predicted == U).float().mean() * 100:.2f} %", flush=True)


torch.manual_seed(0)
(X, Y), (T, U) = load("train"), load("test")
mean, std = X.mean(), X.std()
X, T = (X - mean) / std, (T - mean) / std
train("linear", nn.Sequential(nn.Flatten(), nn.Linear(784, 10)), 5, 3e-3)
lenet5 = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(),
    nn.Linear(400, 120), nn.Tanh(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
)
train("lenet5", lenet5, 5, 4e-3)
