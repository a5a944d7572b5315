"""Writes golden.txt: what PyTorch computes where it has our ops, in double.

    python golden.py > golden.txt

Operands are not stored. Element i of operand number k is ((37*i + 11*k) % 101 - 50) / 32, exact in
every type; `+` marks one that must be positive: its numbers are |x| + 0.25. Others (labels, rates)
are written out.
"""

import numpy
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
WORD = {torch.float64: "f64", torch.int64: "i32", torch.uint8: "u8"}


class Case:
    """One call of one op; operands are drawn in the order in which they are asked for."""

    def __init__(self, op, **attributes):
        self.lines = ["op " + " ".join([op] + [f"{k}={v}" for k, v in attributes.items()])]
        self.drawn = 0

    def x(self, *shape, positive=False):
        n = int(numpy.prod(shape))
        values = ((37 * torch.arange(n) + 11 * self.drawn) % 101 - 50) / 32
        values = values.abs() + 0.25 if positive else values
        self.drawn += 1
        self.lines.append("operand " + kind(values.reshape(shape)) + (" +" if positive else ""))
        return values.reshape(shape).clone().requires_grad_()

    def given(self, values, dtype=torch.float64):
        t = torch.tensor(values, dtype=dtype)
        self.drawn += 1
        self.lines.append("operand " + kind(t) + " = " + numbers(t))
        return t

    def known(self, t):
        """An operand that was computed."""
        return self.given(t.detach().tolist(), t.dtype)

    def results(self, *tensors):
        for t in tensors:
            self.lines.append("result " + kind(t) + " = " + numbers(t))
        print("\n".join(self.lines) + "\n")


def kind(t):
    return WORD[t.dtype] + "[" + ("x".join(map(str, t.shape)) or "()") + "]"


def numbers(t):
    return " ".join(repr(v) for v in t.detach().flatten().tolist())


def grads(y, dy, *wrt):
    return torch.autograd.grad(y, wrt, dy)


def window(s, p, d=(1, 1)):
    return {"stride": f"{s[0]},{s[1]}", "pad": ",".join(map(str, p)), "dilation": f"{d[0]},{d[1]}"}


def padded(x, p, value=0.0):
    return F.pad(x, (p[2], p[3], p[0], p[1]), value=value)


def convolutions():
    for (n, c, h, w, o, kh, kw, s, p, d, g) in [
        (2, 4, 6, 5, 6, 3, 3, (2, 1), (1, 1, 1, 1), (1, 1), 2),
        (1, 3, 7, 6, 4, 3, 2, (2, 2), (0, 1, 1, 0), (2, 1), 1),
        (1, 4, 5, 5, 4, 3, 3, (1, 1), (2, 2, 2, 2), (2, 2), 4),
        (2, 2, 5, 4, 6, 2, 2, (3, 2), (1, 0, 0, 1), (1, 1), 2),
    ]:
        at = window(s, p, d)
        case = Case("conv2d", **at, groups=g)
        x, k, b = case.x(n, c, h, w), case.x(o, c // g, kh, kw), case.x(o)
        y = F.conv2d(padded(x, p), k, b, s, 0, d, g)
        case.results(y)

        case = Case("conv_transpose2d", **at, groups=g, size=f"{h},{w}")
        dy = case.x(*y.shape)
        k = case.x(o, c // g, kh, kw)
        x = torch.zeros(n, c, h, w, requires_grad=True)
        case.results(*grads(F.conv2d(padded(x, p), k, None, s, 0, d, g), dy, x))

        case = Case("conv2d_weight_grad", **at, groups=g, kernel=f"{kh},{kw}", out="f64")
        x, dy = case.x(n, c, h, w), case.x(*y.shape)
        k = torch.zeros(o, c // g, kh, kw, requires_grad=True)
        case.results(*grads(F.conv2d(padded(x, p), k, None, s, 0, d, g), dy, k))

    # torch.nn.ConvTranspose2d(6, 4, 3, stride=2, padding=1, output_padding=1, groups=2)
    case = Case("conv_transpose2d", **window((2, 2), (1, 1, 1, 1)), groups=2, size="6,8")
    x, k = case.x(2, 6, 3, 4), case.x(6, 2, 3, 3)
    case.results(F.conv_transpose2d(x, k, None, 2, 1, 1, 2))


def pooling():
    for (k, s, p, d, h, w) in [
        ((2, 2), (2, 2), 0, 1, 6, 7),
        ((3, 3), (2, 2), 1, 1, 7, 6),
        ((3, 2), (1, 2), (1, 0), (2, 1), 7, 6),
    ]:
        p2 = p if isinstance(p, tuple) else (p, p)
        d2 = d if isinstance(d, tuple) else (d, d)
        at = {"kernel": f"{k[0]},{k[1]}", **window(s, (p2[0], p2[0], p2[1], p2[1]), d2)}
        case = Case("max_pool2d", **at)
        x = case.x(2, 3, h, w)
        y, flat = F.max_pool2d(x, k, s, p2, d2, return_indices=True)
        rows = torch.arange(y.shape[2]).reshape(-1, 1) * s[0] - p2[0]
        columns = torch.arange(y.shape[3]) * s[1] - p2[1]
        place = (flat // w - rows) // d2[0] * k[1] + (flat % w - columns) // d2[1]
        place = place.to(torch.uint8)
        case.results(y, place)
        case = Case("max_pool2d_grad", **at, size=f"{h},{w}")
        dy = case.x(*y.shape)
        case.known(place)
        case.results(*grads(y, dy, x))

    for counts in (True, False):
        at = {"kernel": "3,3", **window((2, 2), (1, 1, 1, 1)), "count_padding": str(counts).lower()}
        case = Case("average_pool2d", **at)
        x = case.x(2, 3, 7, 6)
        y = F.avg_pool2d(x, 3, 2, 1, count_include_pad=counts)
        case.results(y)
        case = Case("average_pool2d_grad", **at, size="7,6")
        case.results(*grads(y, case.x(*y.shape), x))

    case = Case("adaptive_average_pool2d", out="3,4")
    x = case.x(2, 3, 7, 6)
    y = F.adaptive_avg_pool2d(x, (3, 4))
    case.results(y)
    case = Case("adaptive_average_pool2d_grad", size="7,6")
    case.results(*grads(y, case.x(*y.shape), x))
    case = Case("adaptive_max_pool2d", out="3,4")
    x = case.x(2, 3, 7, 6)
    y, place = F.adaptive_max_pool2d(x, (3, 4), return_indices=True)
    case.results(y, place)
    case = Case("adaptive_max_pool2d_grad", size="7,6")
    dy = case.x(*y.shape)
    case.known(place)
    case.results(*grads(y, dy, x))


def normalization():
    case = Case("batch_norm_train", eps=1e-5, momentum=0.1)
    x, scale, shift = case.x(2, 3, 4, 2), case.x(3), case.x(3)
    mean, var = case.x(3).detach(), case.x(3, positive=True).detach()
    y = F.batch_norm(x, mean, var, scale, shift, True, 0.1, 1e-5)
    mu = x.mean((0, 2, 3))
    inverse = (x.var((0, 2, 3), unbiased=False) + 1e-5).rsqrt()
    case.results(y, mu, inverse, mean, var)
    case = Case("batch_norm_train_grad", act="relu")
    dy, x, scale, shift = case.x(2, 3, 4, 2), case.x(2, 3, 4, 2), case.x(3), case.x(3)
    case.known(x.mean((0, 2, 3)))
    case.known((x.var((0, 2, 3), unbiased=False) + 1e-5).rsqrt())
    y = F.relu(F.batch_norm(x, None, None, scale, shift, True, 0.1, 1e-5))
    case.results(*grads(y, dy, x, scale, shift))
    case = Case("batch_norm_inference", eps=1e-3)
    x, scale, shift = case.x(2, 3, 4, 2), case.x(3), case.x(3)
    mean, var = case.x(3).detach(), case.x(3, positive=True).detach()
    case.results(F.batch_norm(x, mean, var, scale, shift, False, 0.1, 1e-3))

    case = Case("layer_norm", axes=2, eps=1e-5)
    x, scale, shift = case.x(3, 4, 5), case.x(4, 5), case.x(4, 5)
    y, mu, inverse = torch.native_layer_norm(x, (4, 5), scale, shift, 1e-5)
    case.results(y, mu.flatten(), inverse.flatten())
    case = Case("layer_norm_grad", axes=1)
    dy, x, scale = case.x(3, 5), case.x(3, 5), case.x(5)
    shift = torch.zeros(5, requires_grad=True)
    y, mu, inverse = torch.native_layer_norm(x, (5,), scale, shift, 1e-5)
    case.known(mu.flatten())
    case.known(inverse.flatten())
    case.results(*grads(y, dy, x, scale, shift))

    for size in (5, 4):
        at = {"size": size, "alpha": 0.5, "beta": 0.75, "k": 2.0}
        case = Case("local_response_norm", **at)
        x = case.x(2, 7, 2, 3)
        case.results(F.local_response_norm(x, size, 0.5, 0.75, 2.0))
        case = Case("local_response_norm_grad", **at)
        dy, x = case.x(2, 7, 2, 3), case.x(2, 7, 2, 3)
        case.results(*grads(F.local_response_norm(x, size, 0.5, 0.75, 2.0), dy, x))


def activations():
    for word, f, from_output in [
        ("act=relu", F.relu, True),
        ("act=leaky_relu alpha=0.1", lambda x: F.leaky_relu(x, 0.1), True),
        ("act=relu6", F.relu6, True),
        ("act=elu alpha=0.7", lambda x: F.elu(x, 0.7), True),
        ("act=gelu", F.gelu, False),
        ("act=silu", F.silu, False),
        ("act=hard_swish", F.hardswish, False),
        ("act=hard_sigmoid", F.hardsigmoid, False),
        ("act=sigmoid", torch.sigmoid, True),
        ("act=tanh", torch.tanh, True),
        ("act=softplus", lambda x: F.softplus(x, threshold=1e3), False),
    ]:
        case = Case("activate " + word)
        x = case.given([-9.0, -3.0, -1.5, -0.25, 0.0, 0.25, 1.5, 3.0, 6.0, 9.0]).requires_grad_()
        y = f(x)
        case.results(y)
        case = Case("activate_grad " + word)
        dy = case.x(10)
        case.known(y if from_output else x)
        case.results(*grads(y, dy, x))


def softmaxes():
    case = Case("softmax", axis=1)
    case.results(F.softmax(case.x(2, 5, 3), 1))
    case = Case("log_softmax", axis=1)
    case.results(F.log_softmax(case.x(2, 5, 3), 1))
    for smoothing, ignore, labels in [
        (0.0, -100, [3, 0, 4, 1]),
        (0.0, -100, [3, -100, 4, -100]),
        (0.2, 1, [3, 1, 4, 0]),
    ]:
        case = Case("softmax_cross_entropy", smoothing=smoothing, ignore=ignore)
        x = case.x(4, 5)
        case.given(labels, torch.int64)
        t = torch.tensor(labels)
        case.results(F.cross_entropy(x, t, ignore_index=ignore, label_smoothing=smoothing))
        case = Case("softmax_cross_entropy_grad", smoothing=smoothing, ignore=ignore)
        dloss = case.given(0.75)
        x = case.x(4, 5)
        case.given(labels, torch.int64)
        loss = F.cross_entropy(x, t, ignore_index=ignore, label_smoothing=smoothing)
        case.results(*grads(loss, dloss, x))


def lookups():
    index = [2, 0, 2, 4]
    case = Case("gather")
    table = case.x(5, 3)
    case.given(index, torch.int64)
    case.results(F.embedding(torch.tensor(index), table))
    case = Case("gather_grad", rows=5, out="f64")
    dy = case.x(4, 3)
    case.given(index, torch.int64)
    case.results(*grads(F.embedding(torch.tensor(index), table), dy, table))


def update(case, make, rate, step, states):
    """One step of an optimiser on two parameters that has these kinds of state."""
    case.given(rate)
    case.given(0.5)
    if step:
        case.given(float(step))
    shapes = [(3,), (2, 2)]
    p = [case.x(*s) for s in shapes]
    g = [case.x(*s).detach() for s in shapes]
    old = {name: [case.x(*s, positive=pos).detach() for s in shapes] for name, pos in states}
    optimizer = make(p)
    for i, parameter in enumerate(p):
        parameter.grad = 0.5 * g[i]
        optimizer.state[parameter].update({name: old[name][i] for name in old})
        if "step" in DEFAULT_STATE.get(type(optimizer).__name__, ()):
            optimizer.state[parameter]["step"] = torch.tensor(float((step or 3) - 1))
    optimizer.step()
    state = [optimizer.state[q][name] for name in old for q in p]
    case.results(*p, *state)


DEFAULT_STATE = {"Adam": ("step",), "AdamW": ("step",), "RMSprop": ("step",), "Adagrad": ("step",)}


def updates():
    o = torch.optim
    case = Case("sgd", momentum=0.0, dampening=0.0, nesterov="false", decay=0.01)
    update(case, lambda p: o.SGD(p, 0.125, weight_decay=0.01), 0.125, 0, [])
    buffer = [("momentum_buffer", False)]
    case = Case("sgd", momentum=0.9, dampening=0.25, nesterov="false", decay=0.01)
    make = lambda p: o.SGD(p, 0.125, momentum=0.9, dampening=0.25, weight_decay=0.01)
    update(case, make, 0.125, 0, buffer)
    case = Case("sgd", momentum=0.9, dampening=0.0, nesterov="true", decay=0.01)
    make = lambda p: o.SGD(p, 0.125, momentum=0.9, nesterov=True, weight_decay=0.01)
    update(case, make, 0.125, 0, buffer)
    moments = [("exp_avg", False), ("exp_avg_sq", True)]
    case = Case("adam", beta1=0.9, beta2=0.99, eps=1e-8, decay=0.01, decoupled="false")
    make = lambda p: o.Adam(p, 0.125, betas=(0.9, 0.99), weight_decay=0.01)
    update(case, make, 0.125, 3, moments)
    case = Case("adam", beta1=0.9, beta2=0.99, eps=1e-3, decay=0.01, decoupled="true")
    make = lambda p: o.AdamW(p, 0.125, betas=(0.9, 0.99), eps=1e-3, weight_decay=0.01)
    update(case, make, 0.125, 1, moments)
    case = Case("rmsprop", alpha=0.99, eps=1e-8, momentum=0.0, decay=0.01)
    make = lambda p: o.RMSprop(p, 0.125, weight_decay=0.01)
    update(case, make, 0.125, 0, [("square_avg", True)])
    case = Case("rmsprop", alpha=0.9, eps=1e-3, momentum=0.5, decay=0.0)
    make = lambda p: o.RMSprop(p, 0.125, alpha=0.9, eps=1e-3, momentum=0.5)
    update(case, make, 0.125, 0, [("square_avg", True), ("momentum_buffer", False)])
    case = Case("adagrad", eps=1e-10, decay=0.01)
    make = lambda p: o.Adagrad(p, 0.125, weight_decay=0.01)
    update(case, make, 0.125, 0, [("sum", True)])
    case = Case("global_norm")
    a, b = case.x(3), case.x(2, 2)
    case.results(torch.nn.utils.get_total_norm([a.detach(), b.detach()]))


if __name__ == "__main__":
    print(f"# Written by golden.py with PyTorch {torch.__version__.split('+')[0]}, f64.\n")
    convolutions()
    pooling()
    normalization()
    activations()
    softmaxes()
    lookups()
    updates()
