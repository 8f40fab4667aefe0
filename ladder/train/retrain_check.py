"""Trains a run of the smallest size again, from what is in the repository, and compares its losses.

    python -m pip install -r ladder/train/requirements.txt
    python ladder/train/retrain_check.py

The corpus is not needed: `smallest-stream.bin.gz` holds the tokens that the run consumes and
`smallest-held-out.bin.gz` those it is judged on. The run is `25k-retrain`: size, steps and schedule of `25k-r1`.
Exit status 1 when a loss differs by more than TOLERANCE. `--pack` makes the token files and the
run's record from the built corpus.

Tolerance: training is seeded and its order is fixed; what is left is the order of summation in
matrix products, which depends on the number of threads and on the processor. The check always
trains with one thread. `--measure` trains with one and with all and writes what that does to
`retrain-measured.json`, which ladder/README.md shows. The tolerance is some twice that
difference, for other processors.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from places import RUNS, TRAIN

MODEL_RUN, RUN = "25k-r1", "25k-retrain"
TOLERANCE = 0.06
MEASURED = TRAIN / "retrain-measured.json"
STREAM, HELD_OUT = TRAIN / "smallest-stream.bin.gz", TRAIN / "smallest-held-out.bin.gz"
# So many documents, shuffled as all held-out text is, have more tokens than are judged on.
DOCUMENTS_HELD_OUT = 6000


def pack() -> None:
    """Write the two token files and the record of the run on them."""
    from itertools import islice

    import numpy as np

    from data import HELD_OUT_SEED, encode_stream, read_texts, save_prefix
    from places import CORPUS
    from run import BATCH, FULL_WINDOWS
    from tokenizer import load_tokenizer

    plan, config = retraining()
    tokenizer = load_tokenizer()
    consumed = plan.steps * BATCH * config.context + 1
    # Documents of fewer than 20 tokens on average would not be enough: an error below.
    texts = list(islice(read_texts(CORPUS / "stream.jsonl"), consumed // 20))
    stream = encode_stream(texts, tokenizer)
    held = list(read_texts(CORPUS / "heldout.jsonl"))
    order = np.random.default_rng(HELD_OUT_SEED).permutation(len(held))[:DOCUMENTS_HELD_OUT]
    held_out = encode_stream([held[i] for i in order], tokenizer)
    judged = FULL_WINDOWS * config.context + 1
    if len(stream.tokens) < consumed or len(held_out.tokens) < judged:
        raise SystemExit(f"{len(stream.tokens)} and {len(held_out.tokens)} tokens, {consumed} and {judged} are needed")
    TRAIN.mkdir(parents=True, exist_ok=True)
    save_prefix(stream, consumed, STREAM)
    save_prefix(held_out, judged, HELD_OUT)
    subprocess.run([sys.executable, __file__, "--record"], env=os.environ | {"XLA_FLAGS": ONE_THREAD}, check=True)


def retraining():
    """(plan, model configuration) of the run."""
    from dataclasses import replace

    from ladder import read_plan

    sizes, runs = read_plan()
    plan = next(r for r in runs if r.id == MODEL_RUN)
    known = "healthy"
    return replace(plan, id=RUN, group="retrain", known=known), sizes[plan.size]


def train_again(logs: Path | None = None) -> dict:
    from data import load_prefix
    from run import train
    from tokenizer import load_tokenizer

    plan, config = retraining()
    with tempfile.TemporaryDirectory() as folder:
        return train(
            plan, config, load_prefix(STREAM), load_prefix(HELD_OUT), load_tokenizer(),
            build=Path(folder, "build"), logs=logs or Path(folder, "logs"),
        )


ONE_THREAD = "--xla_cpu_multi_thread_eigen=false"


def losses_with(flags: str) -> dict:
    """The summary of a run in a process of its own, as XLA reads its flags once."""
    environment = os.environ | {"XLA_FLAGS": flags}
    output = subprocess.run(
        [sys.executable, __file__, "--print"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return json.loads(output.splitlines()[-1])


def measure() -> None:
    """How much the losses differ between repetitions and between thread counts, for the page."""
    settings = {"one thread": ONE_THREAD, "one thread, again": ONE_THREAD, "all threads": ""}
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
    parser.add_argument("--record", action="store_true", help="train and keep the logs as the record")
    parser.add_argument("--pack", action="store_true", help="write the token files from the built corpus")
    parser.add_argument("--measure", action="store_true", help="how much runs differ by threads and repetition")
    parser.add_argument("--print", action="store_true", help="train and print the summary as JSON")
    arguments = parser.parse_args()
    if arguments.pack:
        return pack()
    if arguments.record:
        train_again(RUNS / RUN)
        return None
    if arguments.measure:
        return measure()
    if arguments.print:
        print(json.dumps(train_again()))
        return None
    summary = losses_with(ONE_THREAD)
    expected = json.loads((RUNS / RUN / "run.json").read_text(encoding="utf-8"))
    failed = False
    for name in ("finalTrainLoss", "heldOutLoss"):
        difference = abs(summary[name] - expected[name])
        failed |= difference > TOLERANCE
        print(f"{name}: {summary[name]} now, {expected[name]} recorded, difference {difference:.5f}, allowed {TOLERANCE}")
    print(f"{summary['seconds']} s")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
