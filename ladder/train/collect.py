"""Packs what was trained elsewhere into parts of at most PART_BYTES, the most wanted first.

    python ladder/train/collect.py ROOT FOLDER [NUMBER]

Writes `part-<n>.tar` for the NUMBER-th group of PARTS (0 when none is given): logs and readings of every
run, the weights of those that ship, then the finished models in the plan's order, then checkpoints on the way of
runs whose way is evaluated (evaluate/checkpoints.ts), the smallest first.
Unpack them in ROOT here.
"""

from __future__ import annotations

import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from ladder import named_runs, read_plan

PART_BYTES, PARTS = 15_000_000, 4
FINISHED_ONLY = {"domain", "seeds", "decay", "repeated"}


def wanted(root: Path) -> Iterator[Path]:
    _, runs = read_plan()
    for plan in runs:
        yield from sorted((root / "runs" / plan.id).glob("*"))
        yield root / ".build" / "readings" / f"{plan.id}.u32"
    for plan in named_runs("adapts") + named_runs("ships"):
        yield root / ".build" / "checkpoints" / plan.id / "parameters.npz"
    ggufs = {plan.id: sorted((root / ".build" / "ggufs" / plan.id).glob("*.gguf")) for plan in runs}
    for plan in runs:
        yield from (path for path in ggufs[plan.id] if path.stem == str(plan.steps))
    on_the_way = [
        path
        for plan in runs
        if plan.group not in FINISHED_ONLY
        for path in ggufs[plan.id]
        if path.stem != str(plan.steps)
    ]
    yield from sorted(on_the_way, key=lambda path: path.stat().st_size)


def parts(paths: Iterator[Path]) -> list[list[Path]]:
    groups, size = [[]], 0
    for path in paths:
        if not path.is_file():
            continue
        # A tar has a head of 512 bytes and pads to blocks of as many.
        needed = path.stat().st_size + 2048
        if size + needed > PART_BYTES and groups[-1]:
            groups.append([])
            size = 0
        groups[-1].append(path)
        size += needed
    return groups


def main() -> None:
    root, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    first = PARTS * int(sys.argv[3] if len(sys.argv) > 3 else 0)
    groups = parts(wanted(root))
    folder.mkdir(parents=True, exist_ok=True)
    for number, paths in list(enumerate(groups))[first : first + PARTS]:
        with tarfile.open(folder / f"part-{number}.tar", "w") as archive:
            for path in paths:
                archive.add(path, path.relative_to(root))
    print(f"{len(groups)} parts in all, {first} to {min(first + PARTS, len(groups)) - 1} written")


if __name__ == "__main__":
    main()
