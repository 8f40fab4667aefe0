"""Fine-tunes a checkpoint and the same architecture with random weights on the same data, for `assay gain`.

    pip install -r examples/gain/requirements.txt
    python examples/gain/fine_tune.py MODEL --train train.jsonl --test id=id.jsonl --test ood=ood.jsonl --out arms
    assay gain arms/pretrained arms/scratch

MODEL is what `transformers` opens (a folder, a name of the Hub), or a GGUF file. Rows of the data are
`{"id": …, "context": "The keys near the cabinet", "choices": [" is", " are"], "gold": 1}`: the model learns the right
choice after its context, and answers by the likeliest one. Both arms see the same examples in the same order, with
the same number of updates and the same shape of schedule; each arm has the peak learning rate that does best on the last
quarter of the training data, which no trial has seen. A seed draws the examples, their order and the random weights.
What is finished lies in OUT: a killed run goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerFast

ARMS = ("pretrained", "scratch")
# Share of a context's least likely tokens that min-k averages (arXiv:2310.16789).
MIN_K = 0.2


def read_rows(path: str) -> list[dict]:
    with open(path, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file if line.strip()]
    for number, row in enumerate(rows, 1):
        if not 0 <= row["gold"] < len(row["choices"]):
            raise SystemExit(f"{path}:{number}: gold is {row['gold']}, there are {len(row['choices'])} choices")
    return rows


def named_file(model: str) -> tuple[str, dict]:
    """What `from_pretrained` takes for a model's place."""
    path = Path(model)
    return (str(path.parent), {"gguf_file": path.name}) if path.suffix == ".gguf" else (model, {})


class Encoder:
    """Contexts and choices as token ids; the tokenizer's own first token, or the one that was named, in front."""

    def __init__(self, options: argparse.Namespace):
        place, extra = named_file(options.model)
        own = options.tokenizer
        if own is not None and own.endswith(".json"):
            self.tokenizer = PreTrainedTokenizerFast(tokenizer_file=own)
        else:
            self.tokenizer = AutoTokenizer.from_pretrained(own or place, **({} if own else extra))
        first = options.prefix_token
        front = self.tokenizer.bos_token_id if first is None else self.tokenizer.convert_tokens_to_ids(first)
        self.front = [] if front is None else [front]

    def context(self, row: dict) -> list[int]:
        return [*self.front, *self.tokenizer(row["context"], add_special_tokens=False)["input_ids"]]

    def choices(self, row: dict) -> list[list[int]]:
        return [self.tokenizer(choice, add_special_tokens=False)["input_ids"] for choice in row["choices"]]


def padded(sequences: list[tuple[list[int], list[int]]], device: str):
    """tokens (n, longest) with padding behind; targets the same with −100 where nothing is to be predicted."""
    longest = max(len(context) + len(answer) for context, answer in sequences)
    tokens = torch.zeros(len(sequences), longest, dtype=torch.long)
    targets = torch.full_like(tokens, -100)
    mask = torch.zeros_like(tokens)
    for i, (context, answer) in enumerate(sequences):
        whole = [*context, *answer]
        tokens[i, : len(whole)] = torch.tensor(whole)
        targets[i, len(context) : len(whole)] = torch.tensor(answer)
        mask[i, : len(whole)] = 1
    return tokens.to(device), targets.to(device), mask.to(device)


def log_likelihoods(model, tokens, targets, mask) -> torch.Tensor:
    """ln p of every target given what stands before it, (n, longest − 1), 0 where there is none."""
    logits = model(input_ids=tokens, attention_mask=mask).logits[:, :-1].float()
    wanted = targets[:, 1:]
    chosen = torch.log_softmax(logits, -1).gather(-1, wanted.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return torch.where(wanted >= 0, chosen, torch.zeros_like(chosen))


def fresh_model(arm: str, options: argparse.Namespace, seed: int):
    torch.manual_seed(1000 + seed)
    place, extra = named_file(options.model)
    if arm == "pretrained":
        model = AutoModelForCausalLM.from_pretrained(place, dtype=torch.float32, **extra)
    else:
        model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(place, **extra)).float()
    return model.to(options.device)


def subset(count: int, n: int, block: int, seed: int) -> list[int]:
    """n of `count` examples, whole blocks of rows that belong together; a larger set holds the smaller ones."""
    order = torch.randperm(count // block, generator=torch.Generator().manual_seed(seed)).tolist()
    return [block * b + i for b in order[: n // block] for i in range(block)]


def fine_tune(arm: str, examples: list[tuple[list[int], list[int]]], peak: float, seed: int, options):
    """`--steps` updates, every epoch in a new order; linear warm-up over a tenth, then a cosine to 0."""
    model = fresh_model(arm, options, seed)
    if not examples:
        return model
    optimiser = torch.optim.AdamW(model.parameters(), lr=peak, betas=(0.9, 0.95), weight_decay=0.1)
    generator = torch.Generator().manual_seed(1_000_003 * seed + len(examples))
    size = min(options.batch, len(examples))
    warm_up = max(1, options.steps // 10)
    queue: list[int] = []
    model.train()
    for step in range(options.steps):
        while len(queue) < size:
            queue += torch.randperm(len(examples), generator=generator).tolist()
        batch, queue = [examples[i] for i in queue[:size]], queue[size:]
        done = max(0.0, (step - warm_up) / max(1, options.steps - warm_up))
        for group in optimiser.param_groups:
            group["lr"] = peak * min(1.0, (step + 1) / warm_up) * 0.5 * (1 + math.cos(math.pi * done))
        tokens, targets, mask = padded(batch, options.device)
        loss = -log_likelihoods(model, tokens, targets, mask).sum() / (targets >= 0).sum()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
    return model.eval()


@torch.no_grad()
def margins(model, rows: list[dict], encoder: Encoder, options) -> list[float]:
    """ln p(right choice) − ln p(best other) of each row, nats."""
    model.eval()
    pairs = [(encoder.context(row), answer) for row in rows for answer in encoder.choices(row)]
    scores: list[float] = []
    for at in range(0, len(pairs), options.test_batch):
        scores += log_likelihoods(model, *padded(pairs[at : at + options.test_batch], options.device)).sum(-1).tolist()
    out, at = [], 0
    for row in rows:
        own = scores[at : at + len(row["choices"])]
        at += len(own)
        out.append(own[row["gold"]] - max(s for i, s in enumerate(own) if i != row["gold"]))
    return out


@torch.no_grad()
def min_k(model, rows: list[dict], encoder: Encoder, options) -> list[float]:
    """Mean log-probability of the least likely fifth of each context's tokens: high where a model has met the text."""
    model.eval()
    out: list[float] = []
    for row in rows:
        context = encoder.context(row)
        values = log_likelihoods(model, *padded([(context[:1], context[1:])], options.device))[0].sort().values
        out.append(values[: max(1, int(MIN_K * len(values)))].mean().item())
    return out


def choose_peaks(examples, rows, encoder, options) -> dict[str, float]:
    """The peak learning rate of each arm with the highest accuracy on the last quarter, after training on the rest."""
    kept = Path(options.out) / "peaks.json"
    if kept.exists():
        return json.loads(kept.read_text(encoding="utf-8"))
    train = len(rows) * 3 // 4
    peaks = {}
    for arm in ARMS:
        if len(options.peaks) == 1:
            peaks[arm] = options.peaks[0]
            continue
        means = {}
        for peak in options.peaks:
            found = []
            for n in {min(train, 128), min(train, 1024)}:
                model = fine_tune(arm, examples[:n], peak, 0, options)
                found += [m > 0 for m in margins(model, rows[train:], encoder, options)]
            means[peak] = sum(found) / len(found)
            print(f"trial {arm} {peak:g}: {means[peak]:.3f}", flush=True)
        peaks[arm] = max(means, key=means.get)
    kept.write_text(json.dumps(peaks) + "\n", encoding="utf-8")
    return peaks


def write_results(path: Path, n: int, seed: int, split: str, rows: list[dict], found: list[float], seen) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        extra = [] if seen is None else ["min_k"]
        writer.writerow(["n", "seed", "split", "item", "correct", "margin", "chance", *extra])
        for i, (row, margin) in enumerate(zip(rows, found, strict=True)):
            name = row.get("id", f"{split}/{i}")
            chance = round(1 / len(row["choices"]), 6)
            more = [] if seen is None else [f"{seen[i]:.3f}"]
            writer.writerow([n, seed, split, name, int(margin > 0), f"{margin:.3f}", chance, *more])
    partial.rename(path)


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--tokenizer", help="a folder, a name of the Hub, or a tokenizer.json; the model's own by default")
    parser.add_argument("--prefix-token", help="token in front of every context; the tokenizer's BOS by default")
    parser.add_argument("--train", required=True)
    parser.add_argument("--test", required=True, action="append", help="NAME=FILE; repeatable; names that begin with ood are out of distribution")
    parser.add_argument("--sizes", type=int, nargs="+", default=[16, 64, 256, 1024])
    parser.add_argument("--block", type=int, default=1, help="consecutive rows of the training data that belong together")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--test-batch", type=int, default=64)
    parser.add_argument("--peaks", type=float, nargs="+", default=[1e-4, 3e-4, 1e-3, 3e-3])
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--out", required=True)
    return parser.parse_args()


def main() -> None:
    options = options_of()
    encoder = Encoder(options)
    rows = read_rows(options.train)
    tests = {name: read_rows(path) for name, path in (test.split("=", 1) for test in options.test)}
    examples = [(encoder.context(row), encoder.choices(row)[row["gold"]]) for row in rows]
    if max(options.sizes) > len(rows):
        raise SystemExit(f"{options.train} has {len(rows)} rows, --sizes asks for {max(options.sizes)}")
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    base = fresh_model("pretrained", options, 0)
    seen = {name: min_k(base, own, encoder, options) for name, own in tests.items()}
    del base
    peaks = choose_peaks(examples, rows, encoder, options)
    for seed in options.seeds:
        for n in [0, *options.sizes]:
            among = [examples[i] for i in subset(len(rows), n, options.block, seed)]
            for arm in ARMS:
                files = {name: out / arm / f"n{n}" / f"seed{seed}" / f"{name}.csv" for name in tests}
                if all(path.exists() for path in files.values()):
                    continue
                model = fine_tune(arm, among, peaks[arm], seed, options)
                for name, path in files.items():
                    found = margins(model, tests[name], encoder, options)
                    write_results(path, n, seed, name, tests[name], found, seen[name] if arm == "pretrained" else None)
                    print(arm, n, seed, name, f"{sum(m > 0 for m in found) / len(found):.3f}", flush=True)


if __name__ == "__main__":
    main()
