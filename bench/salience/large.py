"""NumPy's side of bench/salience/large.ts: the same Parquet files, the same ridge in the dual, the same point saliences.

    python bench/salience/large.py FOLDER     (needs numpy and pyarrow)

Prints one line of JSON: wall and CPU seconds of each part, peak memory, and saliences of every 10,000th span.
"""

import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

BLOCK = 1 << 16
STRENGTH = 30


def batches(files):
    """Yields (weights, losses) of consecutive spans, shapes (n) and (models, n)."""
    first = pq.ParquetFile(files[0]).iter_batches(BLOCK, columns=["byte_start", "byte_end"])
    bits = [pq.ParquetFile(f).iter_batches(BLOCK, columns=["bits"]) for f in files]
    for place in first:
        w = place.column(1).to_numpy().astype(float) - place.column(0).to_numpy()
        yield w, np.stack([next(b).column(0).to_numpy() for b in bits]) / w


def clock():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), use.ru_utime + use.ru_stime


def main(folder):
    files = sorted(Path(folder).glob("*.parquet"))
    n = len(files)
    y = np.array(json.loads((Path(folder) / "scores.json").read_text()))
    times = {}
    start = clock()

    total, sums, products = 0.0, np.zeros(n), np.zeros((n, n))
    for w, losses in batches(files):
        total += w.sum()
        sums += losses @ w
        products += (losses * w) @ losses.T
    mean = sums / total
    gram = products / total - np.outer(mean, mean)
    times["profiles"] = np.subtract(clock(), start).tolist()

    start = clock()
    centre = np.eye(n) - 1 / n
    kernel = centre @ gram @ centre
    z = (mean - mean.mean()) / mean.std()
    gain = (z @ y) / n
    rest = y - y.mean() - gain * z
    dual = np.linalg.solve(kernel + STRENGTH * np.trace(kernel) / n * np.eye(n), rest)
    times["fit"] = np.subtract(clock(), start).tolist()

    start = clock()
    dual -= dual.mean()
    saliences = []
    for w, losses in batches(files):
        saliences.append((dual @ (losses - mean[:, None])) * w / total)
    saliences = np.concatenate(saliences)
    times["saliences"] = np.subtract(clock(), start).tolist()

    print(
        json.dumps(
            {
                "times": times,
                "spans": len(saliences),
                "rssMiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "sample": saliences[::10_000].tolist(),
            }
        )
    )


main(sys.argv[1])
