"""Makes `models/assay-ladder-25k/`, a Hugging Face checkpoint, of `models/assay-ladder-25k.gguf`: the same weights.

    python ladder/train/checkpoint_folder.py

Weights stay as they are (matrices float16, norms float32); query and key rows go back from llama.cpp's neighbouring
pairs to the halves of transformers.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import gguf
import numpy as np
from safetensors.numpy import save_file

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[1] / "models"
NAME = "assay-ladder-25k"
HF_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
ENDS = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
BOUNDARY = "<|endoftext|>"


def halves(matrix: np.ndarray, heads: int) -> np.ndarray:
    """Rows of q or k from adjacent pairs to the half-split rotary layout: `interleave_heads` undone. matrix: (out, in)"""
    out, width = matrix.shape
    return matrix.reshape(heads, out // heads // 2, 2, width).swapaxes(1, 2).reshape(out, width)


def main() -> None:
    reader = gguf.GGUFReader(MODELS / f"{NAME}.gguf")
    field = lambda key: reader.fields[f"llama.{key}"].contents()  # noqa: E731
    heads = field("attention.head_count")
    tensors = {}
    for tensor in reader.tensors:
        value = np.array(tensor.data)
        if tensor.name in ENDS:
            tensors[ENDS[tensor.name]] = value
            continue
        _, layer, kind, _ = tensor.name.split(".")
        value = halves(value, heads) if kind in ("attn_q", "attn_k") else value
        tensors[f"model.layers.{layer}.{HF_NAMES[kind]}.weight"] = np.ascontiguousarray(value)
    folder = MODELS / NAME
    folder.mkdir(exist_ok=True)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": field("embedding_length"),
        "intermediate_size": field("feed_forward_length"),
        "num_hidden_layers": field("block_count"),
        "num_attention_heads": heads,
        "num_key_value_heads": field("attention.head_count_kv"),
        "hidden_act": "silu",
        "max_position_embeddings": field("context_length"),
        # The file has them in single precision; these are the numbers that were rounded to it.
        "rms_norm_eps": float(f"{field('attention.layer_norm_rms_epsilon'):.6g}"),
        "rope_theta": float(field("rope.freq_base")),
        "vocab_size": field("vocab_size"),
        "bos_token_id": 0,
        "eos_token_id": 0,
        "tie_word_embeddings": True,
        "torch_dtype": "float16",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": BOUNDARY,
        "eos_token": BOUNDARY,
        "add_bos_token": True,
        "model_max_length": field("context_length"),
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    shutil.copyfile(HERE / "tokenizer.json", folder / "tokenizer.json")


if __name__ == "__main__":
    main()
