"""Makes the tiny checkpoints of test/agreement/checkpoints and what `transformers` says of them.

    python test/agreement/checkpoints.py [NAME…]

One folder a model: config.json and model.safetensors as `save_pretrained` writes them, and expected.json with token ids
and their log-probabilities (nats) by `transformers` on a CPU in float32. Every norm and bias is drawn away from where it
does nothing, so that leaving one out shows. Needs torch, transformers and safetensors (versions in expected.json).
"""

from __future__ import annotations

import copy
import json
import sys
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM

HERE = Path(__file__).resolve().parent / "checkpoints"
VOCABULARY = 96
SEQUENCES, LENGTH = 3, 48

SIZES = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    # Not the default of any library.
    "rope_parameters": {"rope_type": "default", "rope_theta": 5000.0},
    "bos_token_id": 1,
    "eos_token_id": 2,
}
GPT2_SIZES = {"vocab_size": VOCABULARY, "n_embd": 32, "n_layer": 2, "n_head": 4, "n_positions": 64, "n_inner": 48, "bos_token_id": 1, "eos_token_id": 2}
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 5000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
LONG = {
    "rope_type": "longrope",
    "rope_theta": 5000.0,
    "short_factor": [1.0, 1.5, 2.0, 3.0],
    "long_factor": [2.0, 4.0, 6.0, 8.0],
    "original_max_position_embeddings": 64,
}
YARN = {"rope_type": "yarn", "rope_theta": 5000.0, "factor": 4.0, "original_max_position_embeddings": 64}
HEADS = {"head_dim": 8}

# Name → (class of the config, what differs from SIZES).
MODELS: dict[str, tuple[str, dict]] = {
    "llama": ("LlamaConfig", {"attention_bias": True, "mlp_bias": True, "tie_word_embeddings": False}),
    "llama-3-rope": ("LlamaConfig", {"rope_parameters": LLAMA3, "tie_word_embeddings": True}),
    "llama-linear-rope": (
        "LlamaConfig",
        {"rope_parameters": {"rope_type": "linear", "rope_theta": 5000.0, "factor": 4.0}, "head_dim": 12},
    ),
    "mistral": ("MistralConfig", {"sliding_window": 64}),
    "mixtral": (
        "MixtralConfig",
        {"num_local_experts": 4, "num_experts_per_tok": 2, "intermediate_size": 16, "sliding_window": None},
    ),
    "qwen2": ("Qwen2Config", {"rope_parameters": YARN}),
    "qwen3": ("Qwen3Config", {"head_dim": 16, "tie_word_embeddings": True}),
    "gemma-2": (
        "Gemma2Config",
        {
            **HEADS,
            "query_pre_attn_scalar": 8,
            "sliding_window": 8,
            "layer_types": ["full_attention", "sliding_attention"],
            "attn_logit_softcapping": 4.0,
            "final_logit_softcapping": 6.0,
        },
    ),
    "gemma-3": (
        "Gemma3TextConfig",
        {
            **HEADS,
            "num_hidden_layers": 3,
            "query_pre_attn_scalar": 8,
            "sliding_window": 8,
            "layer_types": ["sliding_attention", "full_attention", "sliding_attention"],
            "rope_parameters": {
                "full_attention": {"rope_type": "linear", "rope_theta": 20000.0, "factor": 8.0},
                "sliding_attention": {"rope_type": "default", "rope_theta": 5000.0},
            },
        },
    ),
    "gpt-neox": ("GPTNeoXConfig", {"use_parallel_residual": True, "rotary_pct": 0.5}),
    "gpt-neox-sequential": ("GPTNeoXConfig", {"use_parallel_residual": False, "rotary_pct": 1.0}),
    "gpt-2": ("GPT2Config", {}),
    "olmo-2": ("Olmo2Config", {}),
    "olmoe": (
        "OlmoeConfig",
        {"num_experts": 4, "num_experts_per_tok": 2, "intermediate_size": 12, "num_key_value_heads": 4},
    ),
    "phi-3": (
        "Phi3Config",
        {
            "sliding_window": 128,
            "rope_parameters": {"rope_type": "default", "rope_theta": 5000.0, "partial_rotary_factor": 0.5},
        },
    ),
    "phi-3-long-rope": ("Phi3Config", {"rope_parameters": LONG, "original_max_position_embeddings": 64}),
    "stablelm": ("StableLmConfig", {"use_qkv_bias": True, "partial_rotary_factor": 0.5}),
    "stablelm-12b": ("StableLmConfig", {"use_parallel_residual": True, "qk_layernorm": True, "partial_rotary_factor": 0.5}),
}


def draw(model: torch.nn.Module) -> None:
    """Norms about one (or about their offset), biases about zero, matrices wide: log-probabilities span several nats."""
    for name, parameter in model.named_parameters():
        noise = torch.randn_like(parameter)
        if name.endswith("bias"):
            parameter.data = noise * 0.5
        elif "norm" in name or ".ln_" in name:
            # Gemma stores the distance from one, and initialises it to zero.
            parameter.data = parameter.data.mean() + noise * 0.4
        elif "embed_out" in name or "lm_head" in name:
            parameter.data = noise * 2.5 / parameter.shape[-1] ** 0.5
        elif any(part in name for part in ("embed", "wte")):
            # Where the head is the embedding it makes the logits, too.
            parameter.data = noise * (0.5 if model.config.tie_word_embeddings else 1.0)
        elif "wpe" in name:
            parameter.data = noise * 0.5
        else:
            parameter.data = noise * 1.3 / parameter.shape[-1] ** 0.5


def make(name: str) -> None:
    kind, changes = MODELS[name]
    torch.manual_seed(sorted(MODELS).index(name) + 1)
    base = GPT2_SIZES if kind == "GPT2Config" else SIZES
    config = getattr(transformers, kind)(**copy.deepcopy({**base, "pad_token_id": 0, **changes}))
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager", dtype=torch.float32).eval()
    draw(model)
    model.tie_weights()
    folder = HERE / name
    model.save_pretrained(folder, safe_serialization=True)
    (folder / "generation_config.json").unlink(missing_ok=True)
    # As a user would load it: what the file says, not what is in memory.
    loaded = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager", dtype=torch.float32).eval()
    ids = torch.randint(3, VOCABULARY, (SEQUENCES, LENGTH))
    with torch.no_grad():
        log_probabilities = torch.log_softmax(loaded(ids).logits.double(), -1)
    chosen = log_probabilities[:, :-1].gather(-1, ids[:, 1:, None])[..., 0]
    span = float(chosen.max() - chosen.min())
    assert span >= 5, f"{name}: log-probabilities span {span} nats"
    expected = {
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "span": round(span, 2),
        "tokens": ids.tolist(),
        "logProbabilities": [[round(x, 6) for x in row] for row in chosen.tolist()],
    }
    (folder / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")
    size = (folder / "model.safetensors").stat().st_size
    print(f"{name}: {size / 1000:.0f} kB, log-probabilities span {span:.1f} nats")


if __name__ == "__main__":
    for name in sys.argv[1:] or MODELS:
        make(name)
