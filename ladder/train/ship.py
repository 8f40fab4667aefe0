"""Puts the finished models that the plan says ship into `models/`, and beside each run's logs what JAX says.

    python ladder/train/ship.py

`ladder/runs/<id>/reference.json` holds held-out texts, their tokens and their log-probabilities
(nats) by the plain JAX model in float32 on the weights as they ship: `export.test.ts` holds Assay's engine against them.
"""

from __future__ import annotations

import json
import shutil

import numpy as np

from data import HELD_OUT_SEED, read_texts
from ladder import named_runs, read_plan
from logs import write_atomically
from places import BUILD, CORPUS, MODELS, RUNS
from run import evaluate_windows, finished_parameters
from tokenizer import BOUNDARY_ID, load_tokenizer

TEXTS = 8
# Where byte-level tokenizers tend to part ways.
HARD_TEXT = (
    "café naïve 日本語 it's WE'LL  don't \n\n  x = [1,2];\t\tfoo()\r\n 3.14 ½ ² १२ \u00a0end 🙂 zero\u200bwidth"
    " <|endoftext|> \n \n\n  trailing  "
)


def reference_texts() -> list[str]:
    """Short held-out texts."""
    texts = [t for t in read_texts(CORPUS / "heldout.jsonl") if 150 <= len(t) <= 400]
    order = np.random.default_rng(HELD_OUT_SEED).permutation(len(texts))
    return [HARD_TEXT, *(texts[i] for i in order[:TEXTS])]


def as_shipped(weights: np.ndarray) -> np.ndarray:
    """Matrices ship in float16, norms in float32."""
    return weights.astype(np.float16).astype(np.float32) if weights.ndim == 2 else weights


def log_probabilities(parameters, config, tokens: list[int]) -> list[float]:
    """ln p of tokens[1…]. What follows the last token is padding, which nothing before it sees."""
    window = np.zeros((1, config.context + 1), np.int32)
    window[0, : len(tokens)] = tokens
    losses = evaluate_windows(parameters, window, np.zeros_like(window), config)
    return [round(-float(x), 5) for x in np.asarray(losses)[0, : len(tokens) - 1]]


def main() -> None:
    sizes, _ = read_plan()
    tokenizer = load_tokenizer()
    MODELS.mkdir(exist_ok=True)
    texts = reference_texts()
    for plan in named_runs("ships"):
        run, size, config = plan.id, plan.size, sizes[plan.size]
        summary_file = RUNS / run / "run.json"
        if not summary_file.exists():
            print(f"{run}: not finished, left out")
            continue
        summary = json.loads(summary_file.read_text(encoding="utf-8"))
        parameters = finished_parameters(BUILD, run)
        shipped = {name: as_shipped(np.asarray(value)) for name, value in parameters.items()}
        target = MODELS / f"assay-ladder-{size}.gguf"
        shutil.copyfile(BUILD / "ggufs" / run / f"{summary['steps']}.gguf", target)
        passages = []
        for i, text in enumerate(texts):
            tokens = [BOUNDARY_ID, *tokenizer.encode(text).ids][: config.context]
            passages.append(
                {
                    "heldOut": i > 0,
                    "text": text,
                    "tokens": tokens,
                    "logProbabilities": log_probabilities(shipped, config, tokens),
                }
            )
        reference = {"model": f"models/{target.name}", "precision": "float32", "unit": "nats", "passages": passages}
        write_atomically(RUNS / run / "reference.json", json.dumps(reference, ensure_ascii=False) + "\n")
        print(f"{run}: {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
