"""Writes gradcam.txt: Grad-CAM of SqueezeNet 1.0 with its published weights, by autograd and hooks.

    python gradcam.py DATA > gradcam.txt        (PyTorch 2.13, torchvision 0.28, Pillow; CPU, double)

A line: picture below DATA/hymenoptera; layer; class; its logit; the map, row by row.
"""
import sys

import torch

stub = torch.library.Library("torchvision", "FRAGMENT")
for op in ("nms", "qnms"):  # a torchvision wheel without its compiled ops still gives the model definitions
    stub.define(op + "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import numpy as np
import torchvision
from PIL import Image
from safetensors.torch import load_file


def pixels(path):
    picture = Image.open(path).convert("RGB")
    w, h = picture.size
    w, h = (256, round(256 * h / w)) if w <= h else (round(256 * w / h), 256)
    picture = picture.resize((w, h), Image.BILINEAR)
    left, top = (w - 224) // 2, (h - 224) // 2
    x = torch.from_numpy(np.array(picture.crop((left, top, left + 224, top + 224)))).double() / 255
    x = (x - torch.tensor([.485, .456, .406]).double()) / torch.tensor([.229, .224, .225]).double()
    return x.permute(2, 0, 1)[None]


data = sys.argv[1]
net = torchvision.models.squeezenet1_0()
net.load_state_dict(load_file(data + "/pretrained/squeezenet1_0/squeezenet1_0.safetensors"))
net = net.double().eval()
for file in ("val/bees/1032546534_06907fe3b3.jpg", "val/ants/10308379_1b6c72e180.jpg"):
    for layer, target in (("features.12", 309), ("features.12", 310), ("features.7", 309)):
        kept = {}
        module = net.get_submodule(layer)
        hook = module.register_forward_hook(lambda m, i, o: kept.update(a=o))
        logits = net(pixels(data + "/hymenoptera/" + file))
        hook.remove()
        grad, = torch.autograd.grad(logits[0, target], kept["a"])
        cam = (grad.mean((2, 3), keepdim=True) * kept["a"]).sum(1).relu()[0]
        numbers = " ".join(f"{v:.6g}" for v in cam.flatten().tolist())
        print(file, layer, target, f"{logits[0, target].item():.6f}", numbers, sep="; ")
