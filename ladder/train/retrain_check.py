"""Trains the smallest run again, from what is in the repository, and compares its losses.

    python -m pip install -r ladder/train/requirements.txt
    python ladder/train/retrain_check.py

The corpus is not needed: `smallest-stream.bin.gz` holds the tokens that the run consumes and
`smallest-held-out.bin.gz` those it is judged on. Exit status 1 when a loss differs by more than
TOLERANCE.

Tolerance: training is seeded and its order is fixed; what is left is the order of summation in
matrix products, which depends on the number of threads and on the processor. `--measure` trains
with one thread and with all and writes what that does to `retrain-measured.json`, which
ladder/README.md shows. The tolerance is some four times that difference, for
other processors.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

RUN = "25k-r1"
TOLERANCE = 0.02
HERE = Path(__file__).resolve().parent
MEASURED = HERE / "retrain-measured.json"
STREAM, HELD_OUT = HERE / "smallest-stream.bin.gz", HERE / "smallest-held-out.bin.gz"


def pack() -> None:
    """Write the two token files from the built corpus."""
    from data import save_prefix
    from ladder import load_corpus, read_plan
    from run import BATCH, FULL_WINDOWS
    from tokenizer import load_tokenizer

    sizes, runs = read_plan()
    plan = next(r for r in runs if r.id == RUN)
    stream, held_out = load_corpus(load_tokenizer())
    context = sizes[plan.size].context
    save_prefix(stream, plan.steps * BATCH * context + 1, STREAM)
    save_prefix(held_out, FULL_WINDOWS * context + 1, HELD_OUT)


def train_again() -> dict:
    from data import load_prefix
    from ladder import read_plan
    from run import train
    from tokenizer import load_tokenizer

    sizes, runs = read_plan()
    plan = next(r for r in runs if r.id == RUN)
    with tempfile.TemporaryDirectory() as folder:
        build, logs = Path(folder, "build"), Path(folder, "logs")
        return train(plan, sizes[plan.size], load_prefix(STREAM), load_prefix(HELD_OUT), load_tokenizer(), build=build, logs=logs)


def losses_with(flags: str) -> dict:
    """The summary of a run in a process of its own, as XLA reads its flags once."""
    environment = os.environ | {"XLA_FLAGS": flags}
    output = subprocess.run(
        [sys.executable, __file__, "--print"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return json.loads(output.splitlines()[-1])


def measure() -> None:
    """How much the losses differ between repetitions and between thread counts, for the page."""
    settings = {"all threads": "", "all threads, again": "", "one thread": "--xla_cpu_multi_thread_eigen=false"}
    names = ("finalTrainLoss", "heldOutLoss", "seconds")
    trials = []
    for name, flags in settings.items():
        summary = losses_with(flags)
        trials.append({"setting": name} | {key: summary[key] for key in names})
        print(trials[-1], flush=True)
    report = {"run": RUN, "tolerance": TOLERANCE, "trials": trials}
    MEASURED.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pack", action="store_true", help="write the token files from the built corpus")
    parser.add_argument("--measure", action="store_true", help="how much runs differ by threads and repetition")
    parser.add_argument("--print", action="store_true", help="train and print the summary as JSON")
    arguments = parser.parse_args()
    if arguments.pack:
        return pack()
    if arguments.measure:
        return measure()
    summary = train_again()
    if arguments.print:
        print(json.dumps(summary))
        return None
    expected = json.loads((HERE.parent / "runs" / RUN / "run.json").read_text(encoding="utf-8"))
    failed = False
    for name in ("finalTrainLoss", "heldOutLoss"):
        difference = abs(summary[name] - expected[name])
        failed |= difference > TOLERANCE
        print(f"{name}: {summary[name]} now, {expected[name]} recorded, difference {difference:.5f}, allowed {TOLERANCE}")
    print(f"{summary['seconds']} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
