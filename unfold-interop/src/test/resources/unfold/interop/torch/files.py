"""Makes files.txt: small files as torch.save writes them, and what is in them.

    python3 files.py > files.txt

Written with Python 3.11, PyTorch 2.13. Lines: `file NAME BASE64`, then for each tensor of it
`tensor NAME TYPE SHAPE VALUES`, and `said NAME TEXT` for numbers and texts beside them.
"""

import base64
import collections
import io

import torch


def wave(*shape):
    n = 1
    for d in shape:
        n *= d
    return (torch.arange(n, dtype=torch.float64) * 0.7 - 1.5).sin().mul(4).reshape(shape)


def types():
    return collections.OrderedDict(
        f64=wave(2, 2),
        f32=wave(3).float(),
        f16=torch.tensor([1.5, -0.0, 65504.0, 6e-8, float("inf")]).half(),
        bf16=wave(4).bfloat16(),
        i64=torch.tensor([3, -4, 2**31 - 1]),
        i32=torch.tensor([-(2**31)], dtype=torch.int32),
        i16=torch.tensor([-300, 300], dtype=torch.int16),
        i8=torch.tensor([[-128], [127]], dtype=torch.int8),
        u8=torch.tensor([0, 255], dtype=torch.uint8),
        bool=torch.tensor([True, False]),
        scalar=torch.tensor(2.25),
        empty=torch.zeros(0, 5),
    )


def views():
    base = wave(4, 6).float()
    return {
        "base": base,
        "transposed": base.t(),
        "every_second": base[:, ::2],
        "middle": base[1:3, 2:5],
        "column": base[:, 3],
        "half": wave(3, 2).half().t(),
        "one": base[2:3, 4:5],
    }


def checkpoint():
    model = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(wave(*p.shape))
    optimizer = torch.optim.SGD(model.parameters(), 0.5, momentum=0.9)
    model(wave(4, 3).float()).pow(2).sum().backward()
    optimizer.step()
    return {
        "epoch": 7,
        "arch": "tiny",
        "best": 91.25,
        "state_dict": model.state_dict(),
        "parameter": torch.nn.Parameter(wave(2).float()),
        "optimizer": optimizer.state_dict(),
    }


def tensors(value, name=""):
    if isinstance(value, torch.Tensor):
        yield name, value
    elif isinstance(value, dict):
        for k, v in value.items():
            yield from tensors(v, f"{name}.{k}" if name else str(k))
    elif isinstance(value, (list, tuple)):
        for k, v in enumerate(value):
            yield from tensors(v, f"{name}.{k}" if name else str(k))


TYPES = {"float64": "f64", "float32": "f32", "float16": "f16", "bfloat16": "bf16", "int64": "i64",
         "int32": "i32", "int16": "i16", "int8": "i8", "uint8": "u8", "bool": "bool"}


def show(name, value, said=(), **how):
    out = io.BytesIO()
    torch.save(value, out, **how)
    print("file", name, base64.b64encode(out.getvalue()).decode())
    for path, t in tensors(value):
        kind = TYPES[str(t.dtype).split(".")[1]]
        shape = "x".join(str(d) for d in t.shape) or "()"
        numbers = " ".join(repr(float(x)) for x in t.detach().flatten().tolist())
        print("tensor", path or "tensor", kind, shape, numbers)
    for path, text in said:
        print("said", path, text)


print("# made by files.py with PyTorch", torch.__version__.split("+")[0])
SAID = [("epoch", 7), ("arch", "tiny"), ("best", 91.25), ("optimizer.param_groups.0.lr", 0.5)]
show("types", types())
show("views", views())
show("checkpoint", checkpoint(), SAID)
show("protocol-4", types(), pickle_protocol=4)
show("protocol-5", [wave(2).float(), (wave(1).float(),)], pickle_protocol=5)
show("single", wave(2, 3).float())
old = {"_use_new_zipfile_serialization": False}
show("types-legacy", types(), **old)
show("views-legacy", views(), **old)
show("checkpoint-legacy", checkpoint(), SAID, **old)
torch.serialization.set_crc32_options(False)
show("without-checksums", types())
