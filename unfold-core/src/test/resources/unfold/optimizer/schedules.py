"""Writes schedules.txt: factors on the learning rate by torch.optim.lr_scheduler.

    python schedules.py > schedules.txt

A line: text form of the schedule; steps per epoch; epochs; the validation metric of each finished
epoch (or -); the factor at each step.
"""
import torch
from torch.optim import lr_scheduler as S


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)


def line(text, per_epoch, epochs, factors, history=()):
    metrics = ",".join(map(str, history)) or "-"
    print(f"{text}; {per_epoch}; {epochs}; {metrics}; {' '.join(f'{f:.12g}' for f in factors)}")


def run(text, per_epoch, epochs, make, per_step=True):
    o = optimizer()
    s, factors = make(o), []
    for step in range(per_epoch * epochs):
        factors.append(o.param_groups[0]["lr"])
        o.step()
        if per_step or (step + 1) % per_epoch == 0:
            s.step()
    line(text, per_epoch, epochs, factors)


print(f"# schedules.py, PyTorch {torch.__version__}")
run("constant", 2, 2, lambda o: S.ConstantLR(o, factor=1))
run("step(3,0.1)", 2, 8, lambda o: S.StepLR(o, 3, 0.1), per_step=False)
run("multistep(2,5,gamma=0.5)", 2, 7, lambda o: S.MultiStepLR(o, [2, 5], 0.5), per_step=False)
run("exponential(0.9)", 3, 5, lambda o: S.ExponentialLR(o, 0.9), per_step=False)
run("cosine", 5, 4, lambda o: S.CosineAnnealingLR(o, 20))
run("cosine(floor=0.1)", 5, 4, lambda o: S.CosineAnnealingLR(o, 20, eta_min=0.1))
run("onecycle", 5, 4, lambda o: S.OneCycleLR(o, max_lr=1.0, total_steps=20))
run("onecycle(up=0.4,start=10,end=100)", 5, 5,
    lambda o: S.OneCycleLR(o, max_lr=1.0, total_steps=25, pct_start=0.4, div_factor=10, final_div_factor=100))
run("cosine(warmup=4)", 5, 4, lambda o: S.SequentialLR(
    o, [S.LinearLR(o, start_factor=1 / 4, total_iters=3), S.CosineAnnealingLR(o, 16)], milestones=[4]))

history = [1.0, 0.9, 0.89999, 0.9, 0.95, 0.8, 0.85, 0.83, 0.81, 0.7999, 0.81, 0.9, 0.7, 0.7]
o = optimizer()
plateau, factors = S.ReduceLROnPlateau(o, factor=0.5, patience=2), [1.0]
for metric in history:
    plateau.step(metric)
    factors.append(o.param_groups[0]["lr"])
line("plateau(0.5,patience=2)", 1, len(factors), factors, history)
