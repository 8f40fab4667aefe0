"""Token streams and windows.

A stream is one long row of token ids; every document is preceded by the boundary token and
the stream is closed by one. A run reads a part of it (`Reading`), cut into windows of
`context + 1`, in an order of its own.
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


# What draws the documents of a domain that a mix keeps, and those that a run repeats: the same for
# all runs, so that a smaller share of a domain is a part of a larger one.
MIX_SEED, REPEAT_SEED = 20_001, 20_002


@dataclass(frozen=True)
class Stream:
    """tokens: uint16 (n); starts: position of the boundary token before each document;
    domains: place of each document's domain in `names`, where they are known."""

    tokens: np.ndarray
    starts: np.ndarray
    domains: np.ndarray | None = None
    names: tuple[str, ...] = ()

    @property
    def lengths(self) -> np.ndarray:
        """Tokens of every document, its boundary token included."""
        return np.diff(np.append(self.starts, len(self.tokens) - 1))


@dataclass(frozen=True)
class Reading:
    """What one run reads: `stream` holds its documents in their order, `documents` says which of the
    whole stream's they are (one that the run repeats stands there as often)."""

    stream: Stream
    documents: np.ndarray

    def times_read(self, windows: np.ndarray, context: int) -> np.ndarray:
        """How often each document was read whole in the windows (by index, repeats count)."""
        times = np.bincount(windows, minlength=len(self.stream.tokens) // context + 2)
        starts = self.stream.starts
        first, last = starts // context, np.maximum(starts, starts + self.stream.lengths - 2) // context
        whole = times[first]
        for offset in range(1, int((last - first).max(initial=0)) + 1):
            whole = np.minimum(whole, times[np.minimum(first + offset, last)])
        return whole


def reading(stream: Stream, tokens: int, mix: dict[str, float] | None = None, repeat: dict | None = None) -> Reading:
    """The documents, in the stream's order, that give `tokens` tokens to predict.

    mix: share of a domain's documents that may be read, 1 where it is not named
    repeat: {"share", "times"}: that share of the documents is read so many times, the copies at
    places drawn from the whole run
    @raises SystemExit when the stream has too few tokens
    """
    lengths, count = stream.lengths, len(stream.starts)
    chosen = np.arange(count)
    if mix:
        kept = np.asarray([mix.get(name, 1.0) for name in stream.names])[stream.domains]
        chosen = chosen[np.random.default_rng(MIX_SEED).random(count) < kept]
    if repeat:
        random = np.random.default_rng(REPEAT_SEED)
        again = random.random(count)[chosen] < repeat["share"]
        per_document = lengths[chosen] * np.where(again, repeat["times"], 1)
        own = chosen[: 1 + int(np.searchsorted(np.cumsum(per_document), tokens))]
        repeated = own[again[: len(own)]]
        copies = np.tile(repeated, repeat["times"] - 1)
        places = np.concatenate([np.arange(len(own)) / max(1, len(own)), random.random(len(copies))])
        chosen = np.concatenate([own, copies])[np.argsort(places, kind="stable")]
    ends = np.cumsum(lengths[chosen])
    if len(ends) == 0 or ends[-1] < tokens:
        raise SystemExit(f"the stream has {int(ends[-1]) if len(ends) else 0} tokens for this mix, the run needs {tokens}")
    needed = 1 + int(np.searchsorted(ends, tokens))
    chosen = chosen[:needed]
    if np.array_equal(chosen, np.arange(needed)):
        # Also spares a copy: most runs read a prefix.
        part = stream.tokens[: stream.starts[needed] + 1] if needed < count else stream.tokens
        return Reading(Stream(part, stream.starts[:needed]), chosen)
    pieces = [stream.tokens[stream.starts[i] : stream.starts[i] + lengths[i]] for i in chosen]
    joined = np.concatenate([*pieces, np.asarray([BOUNDARY_ID], np.uint16)])
    return Reading(Stream(joined, np.append(0, ends[: needed - 1])), chosen)


def read_rows(path: Path) -> Iterator[dict]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def read_texts(path: Path) -> Iterator[str]:
    for row in read_rows(path):
        yield row["text"]


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
    """The stream of a JSONL file, kept under `cache` by the hash of text and tokenizer; without the
    file, the newest that stands there (a machine that only trains has no text)."""
    if source.exists():
        digest = hashlib.sha256(tokenizer.to_str().encode())
        with source.open("rb") as file:
            while block := file.read(1 << 22):
                digest.update(block)
        path = cache / f"{source.stem}-{digest.hexdigest()[:16]}.npz"
    else:
        path = max(cache.glob(f"{source.stem}-*.npz"), key=lambda p: p.stat().st_mtime)
    if not path.exists():
        rows = [(row["text"], row["domain"]) for row in read_rows(source)]
        if shuffle is not None:
            rows = [rows[i] for i in np.random.default_rng(shuffle).permutation(len(rows))]
        stream = encode_stream([text for text, _ in rows], tokenizer)
        names = sorted({domain for _, domain in rows})
        place = {name: i for i, name in enumerate(names)}
        domains = np.asarray([place[domain] for _, domain in rows], np.uint8)
        cache.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, tokens=stream.tokens, starts=stream.starts, domains=domains, names=np.asarray(names))
        partial.rename(path)
    with np.load(path) as saved:
        return Stream(saved["tokens"], saved["starts"], saved["domains"], tuple(saved["names"].tolist()))


def by_domain(stream: Stream, tokens: int) -> dict[str, Stream]:
    """For every domain the first of its documents that give `tokens` tokens to predict, or all that it has."""
    parts = {}
    for name in stream.names:
        mix = {other: float(other == name) for other in stream.names}
        held = int(stream.lengths[stream.domains == stream.names.index(name)].sum())
        parts[name] = reading(stream, min(tokens, held), mix).stream
    return parts


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


def window_order(count: int, seed: int, epochs: int = 1, shuffled: bool = True) -> np.ndarray:
    """The windows that a run of `count` windows reads, by index: every epoch all of them, in an order
    drawn by the seed. Unshuffled runs keep the stream's order."""
    each = -(-count // epochs)
    random = np.random.default_rng(seed)
    orders = [random.permutation(each) if shuffled else np.arange(each) for _ in range(epochs)]
    return np.concatenate(orders)[:count]
