"""Fast paths of training on CPU: attention and cross-entropy with hand-written gradients.

XLA's own gradients of both are bound by memory traffic here. Each function has its plain
twin in `model.py`; `test_train.py` checks values and gradients against it.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp

# Queries of one block of attention, and rows of one chunk of logits: what a processor's cache holds. An accelerator has
# room for all of them and is slowed by many small products.
ON_CPU = jax.default_backend() == "cpu"
BLOCK = 64 if ON_CPU else 4096
CHUNK = 512 if ON_CPU else 1 << 20


def _block_weights(q, k, row_documents, column_documents, start: int):
    """Attention weights of one block of queries that begins at position `start`."""
    rows = start + jnp.arange(q.shape[2])
    causal = rows[:, None] >= jnp.arange(k.shape[2])[None, :]
    visible = causal & (row_documents[:, :, None] == column_documents[:, None, :])
    scores = jnp.matmul(q, k.swapaxes(2, 3)) * q.shape[3] ** -0.5
    scores = jnp.where(visible[:, None], scores, jnp.asarray(-1e4, scores.dtype))
    weights = jnp.exp(scores - scores.max(-1, keepdims=True))
    return weights / weights.sum(-1, keepdims=True)


@jax.custom_vjp
def causal_attention(q, k, v, documents):
    """Causal attention within documents. q, k, v: (batch, heads, time, head_width)."""
    return _attention_forward(q, k, v, documents)[0]


def _attention_forward(q, k, v, documents):
    block = min(BLOCK, q.shape[2])
    outputs, kept = [], []
    for start in range(0, q.shape[2], block):
        end = start + block
        weights = _block_weights(
            q[:, :, start:end], k[:, :, :end], documents[:, start:end], documents[:, :end], start
        )
        kept.append(weights)
        outputs.append(jnp.matmul(weights, v[:, :, :end]))
    output = jnp.concatenate(outputs, axis=2)
    return output, (q, k, v, output, kept)


def _attention_backward(residuals, gradient):
    q, k, v, output, kept = residuals
    time = q.shape[2]
    block = min(BLOCK, time)
    delta = (gradient * output).sum(-1, keepdims=True)
    dq, dk, dv = [], jnp.zeros_like(k), jnp.zeros_like(v)
    for weights, start in zip(kept, range(0, time, block), strict=True):
        end = start + block
        rows = slice(start, end)
        dweights = jnp.matmul(gradient[:, :, rows], v[:, :, :end].swapaxes(2, 3))
        dscores = weights * (dweights - delta[:, :, rows]) * q.shape[3] ** -0.5
        dq.append(jnp.matmul(dscores, k[:, :, :end]))
        rest = ((0, 0), (0, 0), (0, time - end), (0, 0))
        dk += jnp.pad(jnp.matmul(dscores.swapaxes(2, 3), q[:, :, rows]), rest)
        dv += jnp.pad(jnp.matmul(weights.swapaxes(2, 3), gradient[:, :, rows]), rest)
    return jnp.concatenate(dq, axis=2), dk, dv, None


causal_attention.defvjp(_attention_forward, _attention_backward)


@partial(jax.custom_vjp, nondiff_argnums=(3,))
def mean_cross_entropy(states, embedding, targets, scale: float):
    """`scale` times the mean next-token loss of a tied head, in nats.

    states: (n, width), embedding: (vocabulary, width), targets: (n). The gradient is taken
    chunk by chunk in the forward pass, so that logits never leave the cache. `scale` is a
    static loss scale: it multiplies the gradient before it is rounded to the states' type.
    """
    return _cross_entropy_forward(states, embedding, targets, scale)[0]


def _cross_entropy_forward(states, embedding, targets, scale):
    n = states.shape[0]
    chunk = min(CHUNK, n)
    columns = jnp.arange(embedding.shape[0])[None]

    def step(dembedding, inputs):
        x, t = inputs
        logits = jnp.matmul(x, embedding.T)
        top = logits.max(-1, keepdims=True)
        weights = jnp.exp(logits - top)
        total = weights.sum(-1, keepdims=True)
        chosen = jnp.take_along_axis(logits, t[:, None], axis=-1)
        losses = (jnp.log(total) + top - chosen)[:, 0]
        dlogits = (weights / total - (columns == t[:, None])) * jnp.asarray(scale / n, x.dtype)
        return dembedding + jnp.matmul(dlogits.T, x), (losses, jnp.matmul(dlogits, embedding))

    inputs = (states.reshape(-1, chunk, states.shape[1]), targets.reshape(-1, chunk))
    dembedding, (losses, dstates) = jax.lax.scan(step, jnp.zeros_like(embedding), inputs)
    return scale * losses.astype(jnp.float32).mean(), (dstates.reshape(states.shape), dembedding)


def _cross_entropy_backward(scale, residuals, gradient):
    dstates, dembedding = residuals
    return dstates * gradient.astype(dstates.dtype), dembedding * gradient.astype(dembedding.dtype), None


mean_cross_entropy.defvjp(_cross_entropy_forward, _cross_entropy_backward)
