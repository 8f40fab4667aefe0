"""LLaMA-style decoder as a pure function of its parameters.

RMSNorm before each block, rotary positions in the half-split layout of Hugging Face
(`export.py` permutes q and k for llama.cpp), SwiGLU, tied embeddings. Attention never
crosses a document boundary, so that a document scored alone is scored as it was trained.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

import jax
import jax.numpy as jnp
import numpy as np

from fast import causal_attention, mean_cross_entropy

Parameters = dict[str, jax.Array]
Attention = Callable[[jax.Array, jax.Array, jax.Array, jax.Array], jax.Array]


@dataclass(frozen=True)
class ModelConfig:
    """Shape of one model. `feed_forward` is the width of SwiGLU's gate."""

    width: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int = 4096
    context: int = 256
    rope_base: float = 10000.0
    norm_epsilon: float = 1e-5

    @property
    def head_width(self) -> int:
        return self.width // self.heads

    def as_dict(self) -> dict:
        return asdict(self)


def count_parameters(config: ModelConfig) -> tuple[int, int]:
    """Parameters (without, with) the token embedding, which is tied to the output head."""
    d, f = config.width, config.feed_forward
    body = config.layers * (4 * d * d + 3 * d * f + 2 * d) + d
    return body, body + config.vocabulary * d


def initial_parameters(config: ModelConfig, seed: int) -> Parameters:
    """Embedding normal(0, .02), matrices normal(0, 1/sqrt(fan-in)): at these widths a constant
    .02 leaves the body nearly silent. Residual outputs are scaled by 1/sqrt(2 layers) (GPT-2).
    """
    random = np.random.default_rng(seed)
    d, f = config.width, config.feed_forward
    residual = 1.0 / math.sqrt(2 * config.layers)

    def normal(*shape: int, scale: float) -> np.ndarray:
        return (random.standard_normal(shape) * scale).astype(np.float32)

    parameters = {
        "embedding": normal(config.vocabulary, d, scale=0.02),
        "norm": np.ones(d, np.float32),
    }
    for layer in range(config.layers):
        parameters |= {
            f"{layer}.attention_norm": np.ones(d, np.float32),
            f"{layer}.q": normal(d, d, scale=d**-0.5),
            f"{layer}.k": normal(d, d, scale=d**-0.5),
            f"{layer}.v": normal(d, d, scale=d**-0.5),
            f"{layer}.o": normal(d, d, scale=d**-0.5 * residual),
            f"{layer}.feed_forward_norm": np.ones(d, np.float32),
            f"{layer}.gate": normal(d, f, scale=d**-0.5),
            f"{layer}.up": normal(d, f, scale=d**-0.5),
            f"{layer}.down": normal(f, d, scale=f**-0.5 * residual),
        }
    return {name: jnp.asarray(value) for name, value in parameters.items()}


def rms_norm(x: jax.Array, weight: jax.Array, epsilon: float) -> jax.Array:
    x32 = x.astype(jnp.float32)
    scale = jax.lax.rsqrt(jnp.mean(x32 * x32, axis=-1, keepdims=True) + epsilon)
    return (x32 * scale).astype(x.dtype) * weight


def rotary_tables(config: ModelConfig, length: int) -> tuple[np.ndarray, np.ndarray]:
    """cos and sin of position times frequency, each of shape (length, head_width / 2)."""
    half = config.head_width // 2
    frequency = config.rope_base ** (-np.arange(half) / half)
    angle = np.arange(length)[:, None] * frequency[None, :]
    return np.cos(angle).astype(np.float32), np.sin(angle).astype(np.float32)


def rotate(x: jax.Array, cos: jax.Array, sin: jax.Array) -> jax.Array:
    """Rotary embedding, half-split layout. x: (batch, heads, time, head_width)."""
    first, second = jnp.split(x, 2, axis=-1)
    cos, sin = cos.astype(x.dtype), sin.astype(x.dtype)
    return jnp.concatenate([first * cos - second * sin, second * cos + first * sin], axis=-1)


def plain_attention(q: jax.Array, k: jax.Array, v: jax.Array, documents: jax.Array) -> jax.Array:
    """Causal attention within documents. q, k, v: (batch, heads, time, head_width)."""
    time = q.shape[2]
    causal = np.tril(np.ones((time, time), bool))
    visible = causal[None] & (documents[:, :, None] == documents[:, None, :])
    scores = jnp.einsum("bhqd,bhkd->bhqk", q, k) * q.shape[3] ** -0.5
    # -1e4 is minus infinity for a softmax and still finite in float16.
    scores = jnp.where(visible[:, None], scores, jnp.asarray(-1e4, scores.dtype))
    return jnp.einsum("bhqk,bhkd->bhqd", jax.nn.softmax(scores, axis=-1), v)


def hidden_states(
    parameters: Parameters,
    tokens: jax.Array,
    documents: jax.Array,
    config: ModelConfig,
    attention: Attention = plain_attention,
) -> jax.Array:
    """Last hidden states after the final norm.

    tokens, documents: (batch, time) int32; positions see only their own document.
    returns: (batch, time, width)
    """
    batch, time = tokens.shape
    heads, head_width = config.heads, config.head_width
    cos, sin = rotary_tables(config, time)
    x = parameters["embedding"][tokens]

    def by_head(y: jax.Array) -> jax.Array:
        return y.reshape(batch, time, heads, head_width).swapaxes(1, 2)

    for layer in range(config.layers):
        p = lambda name: parameters[f"{layer}.{name}"]  # noqa: E731
        y = rms_norm(x, p("attention_norm"), config.norm_epsilon)
        q = rotate(by_head(y @ p("q")), cos, sin)
        k = rotate(by_head(y @ p("k")), cos, sin)
        mixed = attention(q, k, by_head(y @ p("v")), documents)
        x = x + mixed.swapaxes(1, 2).reshape(batch, time, config.width) @ p("o")
        y = rms_norm(x, p("feed_forward_norm"), config.norm_epsilon)
        x = x + (jax.nn.silu(y @ p("gate")) * (y @ p("up"))) @ p("down")
    return rms_norm(x, parameters["norm"], config.norm_epsilon)


def token_losses(
    parameters: Parameters, windows: jax.Array, documents: jax.Array, config: ModelConfig
) -> jax.Array:
    """Negative log-probability of each next token, in nats.

    windows, documents: (batch, context + 1); returns (batch, context)
    """
    states = hidden_states(parameters, windows[:, :-1], documents[:, :-1], config)
    logits = states @ parameters["embedding"].T
    targets = windows[:, 1:]
    chosen = jnp.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]
    return (jax.nn.logsumexp(logits, axis=-1) - chosen).astype(jnp.float32)


def training_loss(
    parameters: Parameters,
    windows: jax.Array,
    documents: jax.Array,
    config: ModelConfig,
    scale: float = 1.0,
) -> jax.Array:
    """`scale` times the mean next-token loss in nats, by the fast paths."""
    states = hidden_states(
        parameters, windows[:, :-1], documents[:, :-1], config, causal_attention
    ).reshape(-1, config.width)
    return mean_cross_entropy(states, parameters["embedding"], windows[:, 1:].reshape(-1), scale)
