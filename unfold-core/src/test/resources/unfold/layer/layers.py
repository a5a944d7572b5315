"""Writes layers.txt: what layers of torch.nn give in evaluation, and their parameters by name.

    python layers.py > layers.txt

A line: layer and its settings; shape of x; shape of y; sum of y[i]*cos(i); then the parameters and
states by name. Number i of x is sin(1 + 0.7 i), of the n-th state (from 0) sin(2 + n + 0.7 i), of a
running variance 1.5 plus that; index i of an embedding is i modulo the number of words.
"""
import itertools
import torch
from torch import nn


class SqueezeExcitation(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(in_channels, out_channels, 1), nn.Conv2d(out_channels, in_channels, 1)

    def forward(self, x):
        return x * self.fc2(self.fc1(x.mean((2, 3), keepdim=True)).relu()).sigmoid()


KINDS = {
    "conv1d": nn.Conv1d, "conv2d": nn.Conv2d, "conv_transpose2d": nn.ConvTranspose2d, "linear": nn.Linear,
    "max_pool2d": nn.MaxPool2d, "average_pool2d": nn.AvgPool2d, "max_pool1d": nn.MaxPool1d,
    "average_pool1d": nn.AvgPool1d, "adaptive_average_pool2d": nn.AdaptiveAvgPool2d,
    "adaptive_max_pool2d": nn.AdaptiveMaxPool2d, "layer_norm": nn.LayerNorm, "embedding": nn.Embedding,
    "batch_norm1d": nn.BatchNorm1d, "batch_norm2d": nn.BatchNorm2d, "dropout": nn.Dropout,
    "local_response_norm": nn.LocalResponseNorm, "flatten": nn.Flatten,
    "squeeze_excitation": SqueezeExcitation,
}
SHORT = {"in_channels": "in", "out_channels": "out", "in_features": "in", "out_features": "out", "kernel_size": "k",
         "stride": "s", "padding": "p", "dilation": "d", "output_padding": "op", "ceil_mode": "ceil",
         "count_include_pad": "count", "output_size": "out", "normalized_shape": "c", "num_embeddings": "v",
         "embedding_dim": "d", "num_features": "c", "groups": "g", "size": "size", "p": "rate"}


def wave(shape, phase):
    return torch.sin(phase + 0.7 * torch.arange(torch.Size(shape).numel(), dtype=torch.float64)).float().reshape(shape)


def checksum(y):
    return torch.dot(y.double().flatten(), torch.cos(torch.arange(y.numel(), dtype=torch.float64))).item()


def show(shape):
    return "x".join(map(str, shape))


def line(kind, x, **settings):
    layer = KINDS[kind](**settings).eval()
    state = {k: v for k, v in layer.state_dict().items() if k != "num_batches_tracked"}
    layer.load_state_dict({k: wave(v.shape, 2 + n) + (1.5 if k == "running_var" else 0)
                           for n, (k, v) in enumerate(state.items())}, strict=False)
    x = torch.arange(torch.Size(x).numel()).reshape(x) % settings["num_embeddings"] if kind == "embedding" else wave(x, 1)
    y = layer(x).detach()
    words = " ".join(f"{SHORT.get(k, k)}={int(v) if not isinstance(v, float) else v}" for k, v in settings.items())
    states = [f"{k} {show(v.shape)}" for k, v in state.items()]
    print("; ".join([f"{kind} {words}", show(x.shape), show(y.shape), f"{checksum(y):.6f}"] + states))


print(f"# layers.py, PyTorch {torch.__version__}")
line("conv2d", (2, 3, 32, 32), in_channels=3, out_channels=10, kernel_size=5, padding=2)
line("conv2d", (2, 4, 9, 8), in_channels=4, out_channels=6, kernel_size=3, stride=2, padding=1, groups=2)
line("conv2d", (1, 6, 11, 12), in_channels=6, out_channels=6, kernel_size=3, dilation=2, groups=6, bias=False)
line("conv1d", (2, 4, 17), in_channels=4, out_channels=6, kernel_size=5, stride=3, padding=2, dilation=2, groups=2)
for s, p, op, d in [(1, 0, 0, 1), (2, 1, 1, 1), (3, 0, 2, 1), (2, 1, 0, 2)]:
    line("conv_transpose2d", (2, 4, 5, 6), in_channels=4, out_channels=6, kernel_size=3, stride=s, padding=p,
         output_padding=op, dilation=d, groups=2)
line("linear", (5, 7), in_features=7, out_features=3)
line("linear", (2, 5, 7), in_features=7, out_features=3, bias=False)
for k, s, p, ceil, h in itertools.product((2, 3), (1, 2, 3), (0, 1), (False, True), (7, 8)):
    line("max_pool2d", (1, 2, h, h + 2), kernel_size=k, stride=s, padding=p, ceil_mode=ceil)
line("max_pool2d", (1, 2, 11, 12), kernel_size=3, stride=2, padding=1, dilation=2, ceil_mode=True)
line("max_pool2d", (1, 2, 2, 3), kernel_size=3, stride=2, ceil_mode=True)
line("average_pool2d", (1, 2, 2, 3), kernel_size=3, stride=2, ceil_mode=True)
line("max_pool2d", (1, 2, 4, 5), kernel_size=2, stride=5, padding=1, ceil_mode=True)
for p, ceil, count in itertools.product((0, 1), (False, True), (False, True)):
    line("average_pool2d", (1, 2, 8, 9), kernel_size=3, stride=2, padding=p, ceil_mode=ceil, count_include_pad=count)
line("max_pool1d", (2, 3, 10), kernel_size=3, stride=2, padding=1, ceil_mode=True)
line("average_pool1d", (2, 3, 10), kernel_size=3, stride=2, padding=1, ceil_mode=True)
line("adaptive_average_pool2d", (2, 3, 7, 9), output_size=4)
line("adaptive_max_pool2d", (2, 3, 7, 9), output_size=4)
line("batch_norm1d", (4, 5), num_features=5)
line("batch_norm1d", (4, 5, 6), num_features=5)
line("batch_norm2d", (4, 5, 6, 7), num_features=5)
line("layer_norm", (4, 5, 6), normalized_shape=6)
line("local_response_norm", (2, 7, 3, 3), size=5)
line("embedding", (2, 9), num_embeddings=11, embedding_dim=4)
line("dropout", (2, 9), p=0.5)
line("flatten", (2, 3, 4, 5))
line("squeeze_excitation", (2, 6, 3, 5), in_channels=6, out_channels=2)
