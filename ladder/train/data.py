"""Token streams and windows.

A stream is one long row of token ids; every document is preceded by the boundary token and
the stream is closed by one. A run consumes a prefix of it in windows of `context + 1`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from tokenizer import BOUNDARY_ID

HELD_OUT_SEED = 20_000


@dataclass(frozen=True)
class Stream:
    """tokens: uint16 (n); starts: position of the boundary token before each document."""

    tokens: np.ndarray
    starts: np.ndarray

    def documents_within(self, tokens: int) -> int:
        """Documents whose every token lies in the first `tokens` tokens."""
        ends = np.append(self.starts[1:], len(self.tokens) - 1)
        return int(np.searchsorted(ends, tokens, side="right"))


def read_texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def shippable_packages(table: Path) -> set[str]:
    """Packages (`debian:wordnet-base`) whose text may stand in the repository, from corpus/SOURCES.md."""
    packages = set()
    for line in table.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 8 and cells[5] == "yes":
            client, package = cells[2].replace("`", "").split()
            packages.add(f"{client}:{package}")
    return packages


def read_shippable_texts(path: Path, packages: set[str]) -> Iterator[str]:
    """Texts of a corpus file that are planted or come from one of the packages."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            document = json.loads(line)
            if document["domain"] == "planted" or document["id"].rsplit("/", 1)[0] in packages:
                yield document["text"]


def encode_stream(texts: list[str], tokenizer: Tokenizer) -> Stream:
    parts, starts, position = [], [], 0
    for first in range(0, len(texts), 1000):
        for encoding in tokenizer.encode_batch_fast(texts[first : first + 1000]):
            ids = np.asarray([BOUNDARY_ID, *encoding.ids], np.uint16)
            parts.append(ids)
            starts.append(position)
            position += len(ids)
    parts.append(np.asarray([BOUNDARY_ID], np.uint16))
    return Stream(np.concatenate(parts), np.asarray(starts, np.int64))


def cached_stream(source: Path, cache: Path, tokenizer: Tokenizer, shuffle: int | None) -> Stream:
    """The stream of a JSONL file, kept under `cache` by the hash of text and tokenizer."""
    digest = hashlib.sha256(tokenizer.to_str().encode())
    with source.open("rb") as file:
        while block := file.read(1 << 22):
            digest.update(block)
    path = cache / f"{source.stem}-{digest.hexdigest()[:16]}.npz"
    if not path.exists():
        texts = list(read_texts(source))
        if shuffle is not None:
            order = np.random.default_rng(shuffle).permutation(len(texts))
            texts = [texts[i] for i in order]
        stream = encode_stream(texts, tokenizer)
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, tokens=stream.tokens, starts=stream.starts)
        partial.rename(path)
    with np.load(path) as saved:
        return Stream(saved["tokens"], saved["starts"])


def save_prefix(stream: Stream, tokens: int, path: Path) -> None:
    """The first `tokens` tokens as gzipped little-endian uint16, byte-identical between calls."""
    with path.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
        file.write(stream.tokens[:tokens].astype("<u2").tobytes())


def load_prefix(path: Path) -> Stream:
    with gzip.open(path, "rb") as file:
        tokens = np.frombuffer(file.read(), "<u2")
    return Stream(tokens, np.flatnonzero(tokens[:-1] == BOUNDARY_ID))


def windows_at(stream: Stream, indices: np.ndarray, context: int) -> tuple[np.ndarray, np.ndarray]:
    """Windows by index and the document number of each position, both (batch, context + 1)."""
    positions = indices[:, None] * context + np.arange(context + 1)[None, :]
    windows = stream.tokens[positions].astype(np.int32)
    return windows, np.cumsum(windows == BOUNDARY_ID, axis=1, dtype=np.int32)


def window_count(stream: Stream, context: int) -> int:
    return (len(stream.tokens) - 1) // context


def window_order(count: int, seed: int) -> np.ndarray:
    """Seed 0 keeps the stream's own (shuffled) order, so that every intermediate checkpoint
    has consumed a prefix; other seeds permute the windows of the run's prefix."""
    if seed == 0:
        return np.arange(count)
    return np.random.default_rng(seed).permutation(count)
