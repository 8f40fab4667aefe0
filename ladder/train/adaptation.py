"""The from-scratch control: one task family learnt from pre-trained and from random weights.

    python ladder/train/adaptation.py      tunes and trains both arms, writes ladder/adaptation/*

Both arms see the same examples in the same order, with the same number of updates and the same
shape of schedule. A seed draws the examples, their order and the random weights. Each arm has the peak learning rate that does best on the last quarter of the
training set after trial runs on some of the rest; no test example is looked at for it.
Every fine-tuned model's margins are kept under `.build`, so a killed run goes on where it was.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

from fast import causal_attention
from ladder import named_runs, read_plan
from logs import significant
from model import ModelConfig, hidden_states, initial_parameters
from optimiser import Schedule, adamw
from places import BUILD, ROOT
from run import finished_parameters
from tokenizer import BOUNDARY_ID, load_tokenizer

(BASE,) = named_runs("adapts")
BASE_RUN, BASE_SIZE = BASE.id, BASE.size
FOLDER = ROOT / "adaptation"
ARMS = ("pretrained", "scratch")
TRIAL_PEAKS = (1e-4, 3e-4, 1e-3, 3e-3)
TRIAL_SIZES = (128, 1024)
SEEDS = (0, 1, 2)
STEPS, BATCH = 200, 32
TRAINING_SIZES = (16, 64, 128, 256, 512, 2048)


class Examples:
    """tokens: (n, longest) padded at the end; last: (n) place of the last context token;
    choices: (n, 2) token ids; gold: (n)."""

    def __init__(self, rows: list[dict], tokenizer, longest: int):
        self.ids = [row["id"] for row in rows]
        contexts = [[BOUNDARY_ID, *tokenizer.encode(row["context"]).ids] for row in rows]
        self.last = np.asarray([len(c) - 1 for c in contexts])
        if self.last.max() >= longest:
            raise SystemExit(f"a context has {self.last.max() + 1} tokens, room is for {longest}")
        self.tokens = np.zeros((len(rows), longest), np.int32)
        for i, context in enumerate(contexts):
            self.tokens[i, : len(context)] = context
        encoded = [[tokenizer.encode(choice).ids for choice in row["choices"]] for row in rows]
        if any(len(ids) != 1 for pair in encoded for ids in pair):
            raise SystemExit("every choice must be one token")
        self.choices = np.asarray([[ids[0] for ids in pair] for pair in encoded], np.int32)
        self.gold = np.asarray([row["gold"] for row in rows])

    def __getitem__(self, indices: np.ndarray):
        return self.tokens[indices], self.last[indices], self.choices[indices], self.gold[indices]


def read_examples(name: str, tokenizer, longest: int = 24) -> Examples:
    with (FOLDER / "data" / f"{name}.jsonl").open(encoding="utf-8") as file:
        return Examples([json.loads(line) for line in file], tokenizer, longest)


def next_token_logits(parameters, tokens, last, config: ModelConfig) -> jax.Array:
    """Logits after the last context token, (n, vocabulary). Padding comes later: nothing sees it."""
    states = hidden_states(parameters, tokens, jnp.zeros_like(tokens), config, causal_attention)
    return states[jnp.arange(len(tokens)), last] @ parameters["embedding"].T


@partial(jax.jit, static_argnums=(9,), donate_argnums=(0, 1, 2))
def update(parameters, first, second, step, rate, tokens, last, choices, gold, config):
    def loss_of(p):
        logits = next_token_logits(p, tokens, last, config)
        target = choices[jnp.arange(len(gold)), gold]
        chosen = logits[jnp.arange(len(gold)), target]
        return (jax.nn.logsumexp(logits, axis=-1) - chosen).mean()

    loss, gradients = jax.value_and_grad(loss_of)(parameters)
    parameters, first, second, _ = adamw(parameters, gradients, first, second, step, rate)
    return parameters, first, second, loss


@partial(jax.jit, static_argnums=(5,))
def margins_of(parameters, tokens, last, choices, gold, config):
    """ln p(gold) − ln p(other), nats, (n)."""
    logits = next_token_logits(parameters, tokens, last, config)
    rows = jnp.arange(len(gold))
    return logits[rows, choices[rows, gold]] - logits[rows, choices[rows, 1 - gold]]


def fine_tune(parameters, config, examples: Examples, among: np.ndarray, peak: float, seed: int):
    """`STEPS` updates on batches drawn from the examples `among`, every epoch in a new order."""
    parameters = jax.tree.map(jnp.array, parameters)
    first = jax.tree.map(jnp.zeros_like, parameters)
    second = jax.tree.map(jnp.zeros_like, parameters)
    random = np.random.default_rng([seed, len(among)])
    schedule = Schedule(peak, STEPS // 10, STEPS, floor=0.0)
    queue = np.empty(0, np.int64)
    size = min(BATCH, len(among))
    for step in range(1, STEPS + 1):
        while len(queue) < size:
            queue = np.concatenate([queue, random.permutation(among)])
        batch, queue = examples[queue[:size]], queue[size:]
        parameters, first, second, _ = update(
            parameters, first, second, jnp.float32(step), jnp.float32(schedule.at(step)), *batch, config
        )
    return parameters


def subset(n: int, count: int, seed: int) -> np.ndarray:
    """n of `count` training examples, whole blocks of four drawn by the seed.

    Four consecutive examples hold each combination of numbers once, so answering by the
    neighbouring noun stays at chance on every subset.
    """
    blocks = np.random.default_rng([seed, 4]).permutation(count // 4)[: n // 4]
    return (4 * blocks[:, None] + np.arange(4)).ravel()


def starting_point(arm: str, config: ModelConfig, seed: int):
    if arm == "scratch":
        return initial_parameters(config, 1000 + seed)
    return finished_parameters(BUILD, BASE_RUN)


def measure(parameters, config, examples: Examples, among: np.ndarray | None = None) -> np.ndarray:
    chosen = np.arange(len(examples.gold)) if among is None else among
    return np.asarray(margins_of(parameters, *examples[chosen], config), np.float64)


def tune(config, training: Examples) -> tuple[dict[str, float], list[dict], float]:
    """Peak learning rate of each arm, the trials that chose it, and their seconds.

    The highest mean accuracy over `TRIAL_SIZES` on the last quarter of the training set is chosen,
    the lower mean loss where accuracies are equal.
    """
    left_out = np.arange(len(training.gold) * 3 // 4, len(training.gold))
    trials, seconds, chosen = [], 0.0, {}
    for arm in ARMS:
        means = {}
        for peak in TRIAL_PEAKS:
            scores = []
            for n in TRIAL_SIZES:
                margins, took = margins_after(
                    f"trial-{arm}-{peak:g}-{n}", lambda arm=arm, peak=peak, n=n: {
                        "left-out": measure(
                            fine_tune(starting_point(arm, config, 0), config, training, np.arange(n), peak, 0),
                            config, training, left_out,
                        )
                    },
                )
                seconds += took
                margin = margins["left-out"]
                accuracy, loss = float(np.mean(margin > 0)), float(np.logaddexp(0, -margin).mean())
                scores.append((accuracy, -loss))
                trials.append(
                    {
                        "arm": arm, "peak": peak, "n": n, "accuracy": significant(accuracy),
                        "loss": significant(loss), "n_items": len(margin),
                    }
                )
                print(trials[-1], flush=True)
            means[peak] = tuple(np.mean(scores, axis=0))
        chosen[arm] = max(means, key=means.get)
    return chosen, trials, seconds


def main() -> None:
    config = read_plan()[0][BASE_SIZE]
    tokenizer = load_tokenizer()
    training = read_examples("train", tokenizer)
    tests = {split: read_examples(split, tokenizer) for split in ("id", "ood")}
    peaks, trials, seconds = tune(config, training)
    write_table("tuning.csv", trials)
    rows, items = [], []
    for seed in SEEDS:
        for arm in ARMS:
            for n in (0, *TRAINING_SIZES):

                def fitted(arm=arm, seed=seed, n=n):
                    start = starting_point(arm, config, seed)
                    tuned = fine_tune(start, config, training, subset(n, len(training.gold), seed), peaks[arm], seed) if n else start
                    return {split: measure(tuned, config, examples) for split, examples in tests.items()}

                margins, took = margins_after(f"{arm}-{peaks[arm]:g}-{seed}-{n}-drawn", fitted)
                seconds += took
                for split, examples in tests.items():
                    margin = margins[split]
                    rows.append(
                        {
                            "arm": arm, "n": n, "seed": seed, "split": split,
                            "accuracy": significant(float(np.mean(margin > 0))), "n_items": len(margin),
                            "loss": significant(float(np.logaddexp(0, -margin).mean())),
                        }
                    )
                    items += [
                        (arm, n, seed, split, item, int(m > 0), f"{m:.3f}") for item, m in zip(examples.ids, margin, strict=True)
                    ]
                print(arm, seed, n, {split: rows[i]["accuracy"] for i, split in ((-2, "id"), (-1, "ood"))}, flush=True)
        write_results(rows, items, peaks, seed + 1, seconds)


def margins_after(name: str, fit: Callable[[], dict]) -> tuple[dict, float]:
    """What `fit` gives (margins by set of examples) and the seconds it took, from `.build` where it stands."""
    kept = BUILD / "adaptation" / f"{BASE_RUN}-{STEPS}-{name}.npz"
    if not kept.exists():
        began = time.monotonic()
        margins = fit()
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial_file = kept.with_suffix(".partial.npz")
        np.savez(partial_file, seconds=time.monotonic() - began, **margins)
        partial_file.rename(kept)
    with np.load(kept) as saved:
        return {key: saved[key] for key in saved.files if key != "seconds"}, float(saved["seconds"])


def write_table(name: str, rows: list[dict]) -> None:
    with (FOLDER / name).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_arm(arm: str, items: list[tuple]) -> None:
    """Every item of one arm in the form that `assay gain` takes. Guessing is right half of the time."""
    with (FOLDER / f"{arm}.csv.gz").open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
        text = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["n", "seed", "split", "item", "correct", "margin", "chance"])
        writer.writerows((*item, 0.5) for item in items)
        text.flush()


def write_results(rows: list[dict], items: list[tuple], peaks: dict, seeds: int, seconds: float) -> None:
    write_table("results.csv", rows)
    for arm in ARMS:
        write_arm(arm, [item[1:] for item in items if item[0] == arm])
    setting = {
        "base": BASE_RUN, "size": BASE_SIZE, "steps": STEPS, "batch": BATCH, "peakLearningRate": peaks,
        "seeds": seeds, "trainingSizes": TRAINING_SIZES, "seconds": round(seconds, 1),
    }
    (FOLDER / "setting.json").write_text(json.dumps(setting, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
