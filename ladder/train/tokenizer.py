"""Byte-level BPE tokenizer of the ladder, in the form that llama.cpp reproduces ("gpt-2").

One special token serves as beginning and end of a document, as in GPT-2.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from places import TOKENIZER_FILE
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

VOCABULARY = 4096
BOUNDARY = "<|endoftext|>"
BOUNDARY_ID = 0


def train_tokenizer(texts: Iterable[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=[BOUNDARY],
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def load_tokenizer(path: Path = TOKENIZER_FILE) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    # A document that spells the boundary token out must not end there.
    tokenizer.encode_special_tokens = True
    return tokenizer


def token_bytes(tokenizer: Tokenizer) -> list[bytes]:
    """Bytes that each token stands for; the boundary token stands for none."""
    byte_of = {character: byte for byte, character in byte_characters().items()}
    tokens = (tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size()))
    return [b"" if t == BOUNDARY else bytes(byte_of[c] for c in t) for t in tokens]


def byte_characters() -> dict[int, str]:
    """GPT-2's printable stand-in for every byte (openai/gpt-2, encoder.py)."""
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in printable}
    hidden = [byte for byte in range(256) if byte not in table]
    return table | {byte: chr(256 + i) for i, byte in enumerate(hidden)}
