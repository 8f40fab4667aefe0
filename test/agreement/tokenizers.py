"""Makes the small tokenizers of test/agreement/tokenizers and what their own library says of the texts that ship.

    python test/agreement/tokenizers.py [KIND…]

One folder a kind of tokenizer, trained on those texts, and expected.json: for every language and domain the number of tokens
of its texts, in the order of their names, and the SHA-256 of the ids (int32, little-endian), by `tokenizers`, for
tokenizer.model by `sentencepiece`. Needs tokenizers
and sentencepiece.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
from pathlib import Path

import numpy as np
import sentencepiece
import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

HERE = Path(__file__).resolve().parent / "tokenizers"
TEXTS = Path(__file__).resolve().parents[2] / "texts"
VOCABULARY = 700
END = "<|end|>"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def texts() -> dict[str, str]:
    """Every text that ships, by its path."""
    files = [p for p in sorted(TEXTS.rglob("*")) if p.is_file() and p.suffix not in (".md", ".json") and p.parent != TEXTS]
    return {str(p.relative_to(TEXTS)): p.read_text(encoding="utf-8") for p in files}


def cut_by(pattern: str) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def byte_level(pre, normalizer=None, **options) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(**options))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    train_with(
        tokenizer,
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=[END],
            initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
            show_progress=False,
        ),
    )
    return tokenizer


def byte_fallback(normalizer, pre=None) -> Tokenizer:
    """SentencePiece's BPE as transformers writes it: spaces are ▁, what is unknown becomes bytes."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    # Words for training alone; without one, pieces would cross them as in no released tokenizer.
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    special = ["<unk>", "<s>", "</s>", *(f"<0x{b:02X}>" for b in range(256))]
    train_with(
        tokenizer,
        trainers.BpeTrainer(vocab_size=VOCABULARY + 256, special_tokens=special, limit_alphabet=120, show_progress=False),
    )
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = data["added_tokens"][:3]
    data["pre_tokenizer"] = None
    tokenizer = Tokenizer.from_str(json.dumps(data))
    tokenizer.normalizer = normalizer
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    return tokenizer


def unigram(normalizer=None, pre=None) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre or pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    train_with(
        tokenizer,
        trainers.UnigramTrainer(vocab_size=VOCABULARY, special_tokens=["<unk>", "</s>"], unk_token="<unk>", show_progress=False),
        # Its vocabulary holds every letter that it is shown.
        [text for path, text in TEXT.items() if path.startswith(("literature", "code-python", "parallel/fr"))],
    )
    # Read back from its file, whose numbers the library reads up to an ulp off.
    return Tokenizer.from_str(tokenizer.to_str())


def train_with(tokenizer: Tokenizer, trainer, texts=None) -> None:
    tokenizer.train_from_iterator([text[:40_000] for text in texts or TEXT.values()], trainer)


def sentence_piece(kind: str, folder: Path) -> sentencepiece.SentencePieceProcessor:
    model = io.BytesIO()
    lines = (line for text in TEXT.values() for line in text[:40_000].splitlines() if line.strip())
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=lines,
        model_writer=model,
        vocab_size=VOCABULARY + 256,
        model_type=kind,
        byte_fallback=True,
        character_coverage=0.98,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        split_digits=True,
        minloglevel=2,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tokenizer.model").write_bytes(model.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())


def write(name: str, encode) -> None:
    ids: dict[str, list[int]] = {}
    for path, text in TEXT.items():
        domain = path if path.startswith("parallel/") else path.split("/")[0]
        ids.setdefault(domain, []).extend(encode(text))
    found = {
        domain: {"tokens": len(all_ids), "sha256": hashlib.sha256(np.asarray(all_ids, "<i4").tobytes()).hexdigest()}
        for domain, all_ids in ids.items()
    }
    by = {"tokenizers": tokenizers.__version__, "sentencepiece": sentencepiece.__version__}
    (HERE / name / "expected.json").write_text(json.dumps({"by": by, "texts": found}, indent=1) + "\n", encoding="utf-8")
    print(name, sum(text["tokens"] for text in found.values()), "tokens")


def main() -> None:
    spaces = normalizers.Replace(" ", "▁")
    kinds = {
        "gpt-2": lambda: byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)),
        "llama-3": lambda: byte_level(cut_by(LLAMA3), ignore_merges=True),
        "qwen-2": lambda: byte_level(cut_by(QWEN2), normalizers.NFC()),
        "o200k": lambda: byte_level(cut_by(O200K)),
        "digits-apart": lambda: byte_level(
            pre_tokenizers.Sequence(
                [
                    pre_tokenizers.Digits(individual_digits=True),
                    pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
                ]
            )
        ),
        "llama-2": lambda: byte_fallback(normalizers.Sequence([normalizers.Prepend("▁"), spaces])),
        "gemma": lambda: byte_fallback(spaces, pre_tokenizers.Split(" ", "merged_with_previous")),
        "metaspace": lambda: byte_fallback(None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False)),
        "unigram": lambda: unigram(),
        "unigram-nfkc": lambda: unigram(normalizers.NFKC()),
    }
    for name, make in kinds.items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        tokenizer = make()
        # Ordinary text: what looks like a special token is none.
        tokenizer.encode_special_tokens = True
        (HERE / name).mkdir(parents=True, exist_ok=True)
        (HERE / name / "tokenizer.json").write_text(tokenizer.to_str() + "\n", encoding="utf-8")
        write(name, lambda text: tokenizer.encode(text, add_special_tokens=False).ids)
        if name == "gpt-2":
            data = json.loads(tokenizer.to_str())["model"]
            folder = HERE / "vocab-and-merges"
            folder.mkdir(exist_ok=True)
            (folder / "vocab.json").write_text(json.dumps(data["vocab"], ensure_ascii=False), encoding="utf-8")
            merges = [m if isinstance(m, str) else " ".join(m) for m in data["merges"]]
            (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", encoding="utf-8")
            write("vocab-and-merges", lambda text: tokenizer.encode(text, add_special_tokens=False).ids)
    for kind in ("bpe", "unigram"):
        name = f"sentencepiece-{kind}"
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        processor = sentence_piece(kind, HERE / name)
        write(name, processor.encode)


TEXT = texts()

if __name__ == "__main__":
    main()
