"""PyTorch side of `./bench rnn|sample|classify`: the same work, in the words of the same command line. Prints one
JSON line a configuration, and last the best of them. Each configuration runs in a process of its own, with an
allocator that keeps its pages; medians over --runs steps after a warm-up.

    python sequences.py rnn lstm --hidden 512 --layers 2 --batch 64 --steps 64       tokens/s of training
    python sequences.py sample lstm --hidden 512 --layers 2 --batch 1                characters/s, one at a time
    python sequences.py classify lstm --hidden 256 --layers 1 --batch 64 --steps 60  rows/s of training, packed
"""
import argparse, json, os, resource, subprocess, sys, time

MALLOC = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "68719476736", "MALLOC_TOP_PAD_": "268435456",
          "MALLOC_ARENA_MAX": "1"}


def arguments():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("mode", choices=["rnn", "sample", "classify"])
    p.add_argument("cell", choices=["lstm", "gru", "rnn"])
    for name, value in dict(hidden=512, layers=2, batch=64, steps=64, vocab=65, threads=os.cpu_count(), runs=9).items():
        p.add_argument("--" + name, type=int, default=value)
    p.add_argument("--configs", default="f32,bf16")
    return p.parse_args()


def measured(a, config):
    import torch
    from torch import nn
    torch.set_num_threads(a.threads)
    torch.manual_seed(0)
    torch.set_flush_denormal(True)
    bf16 = config == "bf16"
    kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[a.cell]
    both = a.mode == "classify"
    embed = nn.Embedding(a.vocab, a.hidden)
    rnn = kind(a.hidden, a.hidden, a.layers, bidirectional=both)
    out = nn.Linear(2 * a.hidden if both else a.hidden, 2 if both else a.vocab)
    model = nn.ModuleList([embed, rnn, out])
    x = torch.randint(0, a.vocab, (a.steps, a.batch))
    loss = nn.functional.cross_entropy
    if a.mode == "sample":
        model.eval()
        model = model.bfloat16() if bf16 else model
        token, state, items = torch.zeros(1, a.batch, dtype=torch.long), None, a.batch

        @torch.inference_mode()
        def step():
            nonlocal token, state
            y, state = rnn(embed(token), state)
            token = torch.multinomial(torch.softmax(out(y[0]).float(), -1), 1).view(1, a.batch)
    else:
        opt = torch.optim.Adam(model.parameters(), 2e-3, fused=True)
        items = a.batch if both else a.batch * a.steps
        y = torch.randint(0, 2, (a.batch,)) if both else torch.randint(0, a.vocab, (a.steps * a.batch,))
        lengths = torch.randint(1, a.steps + 1, (a.batch,))

        def forward():
            if not both:
                return out(rnn(embed(x))[0]).flatten(0, 1)
            packed = nn.utils.rnn.pack_padded_sequence(embed(x), lengths, enforce_sorted=False)
            h = rnn(packed)[1]
            h = h[0] if a.cell == "lstm" else h
            return out(torch.cat([h[-2], h[-1]], 1))

        def step():
            opt.zero_grad()
            with torch.autocast("cpu", torch.bfloat16, enabled=bf16):
                value = loss(forward(), y)
            value.backward()
            if not both:
                nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            opt.step()
    once = 200 if a.mode == "sample" else 1
    for _ in range(3 * once):
        step()
    times = []
    for _ in range(a.runs):
        start = time.perf_counter()
        for _ in range(once):
            step()
        times.append((time.perf_counter() - start) / once)
    s = sorted(times)[len(times) // 2]
    return {"framework": "pytorch " + torch.__version__, "mode": a.mode, "model": a.cell, "batch": a.batch, "config": config,
            "items_per_s": round(items / s, 2), "step_s": round(s, 6),
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


def main():
    a = arguments()
    if "UNFOLD_PEER_CONFIG" in os.environ:
        print(json.dumps(measured(a, os.environ["UNFOLD_PEER_CONFIG"])), flush=True)
        return
    best = None
    for config in a.configs.split(","):
        env = {**os.environ, **MALLOC, "UNFOLD_PEER_CONFIG": config}
        done = subprocess.run([sys.executable] + sys.argv, env=env, capture_output=True, text=True)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if not lines:  # a configuration that this PyTorch cannot run here
            print(json.dumps({"config": config, "error": done.stderr.strip()[-200:]}), flush=True)
            continue
        print(lines[-1], flush=True)
        row = json.loads(lines[-1])
        if best is None or row["items_per_s"] > best["items_per_s"]:
            best = row
    print(json.dumps({"best": best}), flush=True)


if __name__ == "__main__":
    main()
