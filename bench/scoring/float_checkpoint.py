"""The peer of float-checkpoint.ts: `transformers` on the same checkpoint and token ids.

    python float_checkpoint.py make FOLDER [GGUF]      a float32 checkpoint of SmolLM2-135M's shape: random weights, or a
                                                       quantised GGUF of it read by transformers
    python float_checkpoint.py score FOLDER DTYPE      token ids (JSON lists) on stdin; on stdout a JSON line with CPU
                                                       seconds of scoring and the log-probabilities of all but the first
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, LlamaConfig

torch.set_num_threads(1)

SHAPE = {
    "vocab_size": 49152,
    "hidden_size": 576,
    "intermediate_size": 1536,
    "num_hidden_layers": 30,
    "num_attention_heads": 9,
    "num_key_value_heads": 3,
    "max_position_embeddings": 8192,
    "rope_theta": 100000.0,
    "tie_word_embeddings": True,
    "bos_token_id": 0,
    "eos_token_id": 0,
}


def make(folder: Path, gguf: Path | None) -> None:
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(LlamaConfig(**SHAPE), dtype=torch.float32)
    if gguf is not None:
        read = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
        model.load_state_dict(read.state_dict())
    model.save_pretrained(folder)
    alphabet = {chr(0x21 + i): i for i in range(94)}
    tokenizer = {
        "model": {"type": "BPE", "vocab": alphabet, "merges": []},
        "pre_tokenizer": {"type": "ByteLevel"},
        "added_tokens": [],
    }
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))


def score(folder: Path, dtype: str) -> None:
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype)).eval()
    sequences = json.load(sys.stdin)
    with torch.inference_mode():
        model(torch.tensor([sequences[0][:16]]))
        began = time.process_time()
        found = []
        for ids in sequences:
            tokens = torch.tensor([ids])
            logs = torch.log_softmax(model(tokens).logits[0, :-1].float(), dim=-1)
            found.append(logs.gather(1, tokens[0, 1:, None])[:, 0].tolist())
        seconds = time.process_time() - began
    print(json.dumps({"seconds": seconds, "logProbabilities": found}))


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    if command == "make":
        make(Path(folder), Path(rest[0]) if rest else None)
    else:
        score(Path(folder), rest[0])
