"""PyTorch's side of `./bench parity`: reads weights, pictures and labels, writes logits, loss, gradients and
running statistics: computed in double, and as `f32.` and their names in f32 too.

    python parity.py given.safetensors theirs.safetensors [--models FILE] [--threads N]

Dropout is off; an auxiliary head's loss counts 0.3 (GoogLeNet). FILE has network(name, options), where options are
words by key as in `unfold zoo`; without it the model is torchvision's of that name.
"""
import argparse
import importlib.util
import json
import warnings

import safetensors
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn.functional import cross_entropy

AUXILIARY_WEIGHT = 0.3
TORCHVISION = {"width_mult": float, "aux": lambda word: word == "true"}


def torchvision_network(name, options):
    stub = torch.library.Library("torchvision", "FRAGMENT")
    for op in ("nms", "qnms"):  # a torchvision without its compiled ops still defines the models
        try:
            stub.define(f"{op}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        except RuntimeError:
            pass
    import torchvision
    more = {("aux_logits" if k == "aux" else k): TORCHVISION[k](v) for k, v in options.items() if k in TORCHVISION}
    if name == "googlenet":
        more["init_weights"] = False
    return torchvision.models.get_model(name, weights=None, num_classes=int(options["classes"]), **more), torchvision.__version__


def load(file):
    spec = importlib.util.spec_from_file_location("models", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def loss(answers, labels):
    if isinstance(answers, torch.Tensor):
        return answers, cross_entropy(answers, labels)
    total = cross_entropy(answers.logits, labels)
    for auxiliary in (answers.aux_logits1, answers.aux_logits2):
        if auxiliary is not None:
            total = total + AUXILIARY_WEIGHT * cross_entropy(auxiliary, labels)
    return answers.logits, total


def compute(model, x, labels):
    model.zero_grad()
    with torch.no_grad():
        out = {"eval.logits": model.eval()(x)}
    logits, value = loss(model.train()(x), labels)
    value.backward()
    out["train.logits"], out["train.loss"] = logits.detach(), value.detach()
    out |= {f"gradient.{k}": v.grad for k, v in model.named_parameters()}
    out |= {f"after.{k}": v for k, v in model.named_buffers() if not k.endswith("num_batches_tracked")}
    return {k: v.clone() for k, v in out.items()}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("given"), p.add_argument("theirs"), p.add_argument("--models")
    p.add_argument("--threads", type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    with safetensors.safe_open(a.given, "pt") as f:
        about, given = f.metadata(), {k: f.get_tensor(k) for k in f.keys()}
    options = dict(word.split("=") for word in about["options"].split())
    if a.models:
        model, torchvision = load(a.models).network(about["model"], options), None
    else:
        model, torchvision = torchvision_network(about["model"], options)
    pictures, labels = given.pop("pictures"), given.pop("labels").long()
    mean, deviation = (torch.tensor([float(w) for w in about[k].split()], dtype=torch.float64).view(-1, 1, 1)
                       for k in ("mean", "deviation"))
    missing = model.load_state_dict(given, strict=False)
    missing = [k for k in missing.missing_keys if not k.endswith("num_batches_tracked")] + missing.unexpected_keys
    if missing:
        raise SystemExit(f"{about['model']}: only one side has {missing}")
    for m in model.modules():
        if isinstance(m, (nn.Dropout, nn.Dropout2d)):
            m.p = 0.0
    out = {}
    for type, prefix in ((torch.float32, "f32."), (torch.float64, "")):
        model.load_state_dict(given, strict=False)  # again, since training moves running statistics
        x = ((pictures.double() / 255 - mean) / deviation).to(type)
        out |= {prefix + k: v for k, v in compute(model.to(type), x, labels).items()}
    versions = {"torch": torch.__version__} | ({"torchvision": torchvision} if torchvision else {})
    save_file({k: v.contiguous() for k, v in out.items()}, a.theirs, metadata=versions)
    print(json.dumps(versions))


if __name__ == "__main__":
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        main()
