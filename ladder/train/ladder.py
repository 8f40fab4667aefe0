"""Trains the reference ladder: every run of the plan, in its order, one after the other.
Several processes share the work: each takes the first run that nobody trains.

    python ladder/train/ladder.py                 train what is not finished, resuming
    python ladder/train/ladder.py --list          what there is and what it will take
    python ladder/train/ladder.py --only ID …     these runs alone, in this order

A run is finished when its logs and its last checkpoint exist; the logs alone are what ships.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import time
from dataclasses import replace
from itertools import islice, product
from pathlib import Path

import jax

from data import HELD_OUT_SEED, Stream, cached_stream, read_texts
from model import ModelConfig, count_parameters
from places import BUILD, CORPUS, PLAN, RUNS, TOKENIZER_FILE
from run import BATCH, RunPlan, forget, train
from tokenizer import load_tokenizer, train_tokenizer

TOKENIZER_DOCUMENTS = 40_000


def filled(value, names: dict):
    """Puts the names' values where they stand in braces; a string that is one name becomes its value."""
    if isinstance(value, dict):
        return {filled(key, names): filled(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, names) for item in value]
    if not isinstance(value, str):
        return value
    alone = value.removeprefix("{").removesuffix("}")
    return names[alone] if alone in names and value != alone else value.format_map(names)


def expanded(entry: dict) -> list[dict]:
    """One entry for every combination of the values in `each`."""
    rest = {key: value for key, value in entry.items() if key != "each"}
    each = entry.get("each", {})
    return [filled(rest, dict(zip(each, values, strict=True))) for values in product(*each.values())]


def read_plan(path: Path = PLAN) -> tuple[dict[str, ModelConfig], list[RunPlan]]:
    """Sizes and runs. A run gives `ratio` (tokens per parameter, the tied embedding counted
    once) or `steps`; its peak learning rate follows from its size unless it is given, that of
    a decay from the checkpoint that it goes on from."""
    plan = json.loads(path.read_text(encoding="utf-8"))
    sizes = {name: ModelConfig(**shape) for name, shape in plan["sizes"].items()}
    rule = plan["learningRate"]
    runs: list[RunPlan] = []
    for entry in (one for written in plan["runs"] for one in expanded(plan.get("defaults", {}) | written)):
        config = sizes[entry["size"]]
        ratio = entry.pop("ratio", None)
        if ratio is not None:
            entry["steps"] = round(ratio * count_parameters(config)[1] / (BATCH * config.context))
        source = next((r for r in runs if r.id == entry.get("decay_from", {}).get("run")), None)
        scale = (rule["width"] / config.width) ** rule["exponent"]
        peak = source.schedule().at(entry["decay_from"]["step"]) if source else rule["peak"] * scale
        entry.setdefault("peak", float(f"{peak:.3g}"))
        if "burst" in entry:
            entry["burst"] = tuple(entry["burst"])
        runs.append(RunPlan(**entry))
    return sizes, runs


def named_runs(name: str, path: Path = PLAN) -> list[RunPlan]:
    """The runs that the plan names as those that ship ("ships") or that are adapted ("adapts")."""
    named = json.loads(path.read_text(encoding="utf-8")).get(name, [])
    wanted = [named] if isinstance(named, str) else named
    runs = {run.id: run for run in read_plan(path)[1]}
    return [runs[run_id] for run_id in wanted]


def load_corpus(tokenizer) -> tuple[Stream, Stream]:
    """(training stream, held-out stream); the held-out documents are shuffled once."""
    stream = cached_stream(CORPUS / "stream.jsonl", BUILD / "tokens", tokenizer, None)
    held_out = cached_stream(CORPUS / "heldout.jsonl", BUILD / "tokens", tokenizer, HELD_OUT_SEED)
    return stream, held_out


def ensure_tokenizer():
    if not TOKENIZER_FILE.exists():
        TOKENIZER_FILE.parent.mkdir(parents=True, exist_ok=True)
        train_tokenizer(islice(read_texts(CORPUS / "stream.jsonl"), TOKENIZER_DOCUMENTS)).save(str(TOKENIZER_FILE))
    return load_tokenizer()


def is_finished(plan: RunPlan) -> bool:
    """Its record and what is made last are there: parameters, or the last GGUF where it was trained elsewhere."""
    last = (BUILD / "checkpoints" / plan.id / "parameters.npz", BUILD / "ggufs" / plan.id / f"{plan.steps}.gguf")
    return (RUNS / plan.id / "run.json").exists() and any(path.exists() for path in last)


def kept_steps(runs: list[RunPlan], run_id: str) -> set[int]:
    return {r.decay_from["step"] for r in runs if r.decay_from and r.decay_from["run"] == run_id}


class Claim:
    """A run that this process alone trains; the system lets go of it when the process dies."""

    def __init__(self, plan: RunPlan, file):
        self.plan, self.file = plan, file

    @classmethod
    def take(cls, plan: RunPlan) -> Claim | None:
        folder = BUILD / "claims"
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / plan.id).open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        if is_finished(plan):  # by another since it was listed
            file.close()
            return None
        return cls(plan, file)

    def __enter__(self) -> RunPlan:
        return self.plan

    def __exit__(self, *_) -> None:
        self.file.close()


def unfinished(only: list[str] | None) -> list[RunPlan]:
    """Runs still to do, by the plan as it is now: it may be edited while the ladder trains."""
    runs = read_plan()[1]
    if only:
        runs = sorted((r for r in runs if r.id in only), key=lambda r: only.index(r.id))
    on_cpu = jax.default_backend() == "cpu"
    return [r for r in runs if can_begin(r) and not (on_cpu and r.accelerator) and not is_finished(r)]


def can_begin(plan: RunPlan) -> bool:
    """A run that goes on from another's checkpoint waits for it."""
    source = plan.decay_from
    return source is None or (BUILD / "checkpoints" / source["run"] / f"{source['step']}.npz").exists()


def estimate_seconds(plan: RunPlan, config: ModelConfig, flops_per_second: float) -> float:
    return 6 * count_parameters(config)[1] * plan.steps * BATCH * config.context / flops_per_second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", nargs="+", metavar="ID")
    parser.add_argument("--again", action="store_true", help="train the named runs from their start")
    parser.add_argument("--progress", type=Path, help="append a line per finished run to this file")
    parser.add_argument("--precision", default="float32", help="float32, or bfloat16 where the device has it")
    parser.add_argument("--engine", choices=["jax", "torch"], default="jax", help="what makes the steps")
    parser.add_argument("--gflops", type=float, default=80.0, help="machine speed, for --list")
    arguments = parser.parse_args()
    sizes, runs = read_plan()
    chosen = [r for r in runs if not arguments.only or r.id in arguments.only]
    unknown = set(arguments.only or []) - {r.id for r in runs}
    if unknown:
        parser.error(f"no such run in plan.json: {', '.join(sorted(unknown))}")

    if arguments.list:
        left = 0.0
        for plan in chosen:
            done = is_finished(plan)
            seconds = estimate_seconds(plan, sizes[plan.size], arguments.gflops * 1e9)
            left += 0 if done else seconds
            print(f"{plan.id:24} {plan.steps:6} steps  peak {plan.peak:<8g} {seconds:6.0f} s  {'done' if done else ''}")
        print(f"left: {left:.0f} s at {arguments.gflops:g} GFLOP/s")
        return

    tokenizer = ensure_tokenizer()
    stream, held_out = load_corpus(tokenizer)

    def say(line: str) -> None:
        print(line, flush=True)
        if arguments.progress:
            with arguments.progress.open("a", encoding="utf-8") as file:
                file.write(f"{time.strftime('%H:%M:%S', time.gmtime())} {line}\n")

    if arguments.again and arguments.only:
        for plan in chosen:
            forget(plan.id, BUILD, RUNS / plan.id)
    while claim := next(filter(None, map(Claim.take, unfinished(arguments.only))), None):
        sizes, runs = read_plan()
        with claim as plan:
            source = next((r for r in runs if plan.decay_from and r.id == plan.decay_from["run"]), None)
            if plan.precision == "float32":
                plan = replace(plan, precision=arguments.precision, engine=arguments.engine)
            train(
                plan, sizes[plan.size], stream, held_out, tokenizer,
                build=BUILD, logs=RUNS / plan.id, keep=kept_steps(runs, plan.id), source=source, say=say,
            )


if __name__ == "__main__":
    main()
