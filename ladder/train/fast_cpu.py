"""The training step in PyTorch, for processors whose matrix products are fastest in bfloat16 (AVX512-BF16, AMX).

The same model, loss and update as `model.py`, `fast.py` and `optimiser.py`, which stay the reference
(`test_train.py` holds this against them). Master weights, norms, residual stream, softmax and update are
float32; what enters a matrix product is rounded to `precision`.
"""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional as F

from model import ModelConfig, rotary_tables
from optimiser import BETA1, BETA2, CLIP_NORM, EPSILON, WEIGHT_DECAY

ROWS = 256


class TiedCrossEntropy(torch.autograd.Function):
    """Mean next-token loss of a tied head, nats; its gradient is taken in the forward pass, rows by rows."""

    @staticmethod
    def forward(context, states, embedding, targets):
        """states: (n, width), embedding: (vocabulary, width), targets: (n)"""
        n = len(states)
        gradients = torch.empty(n, len(embedding), dtype=states.dtype)
        total = torch.zeros(())
        for start in range(0, n, ROWS):
            rows = slice(start, start + ROWS)
            logits = states[rows] @ embedding.T
            own = targets[rows, None]
            weights = torch.softmax(logits, dim=1, dtype=torch.float32)
            # ln of the softmax's sum by way of the largest weight, which cannot be 0.
            sums = logits.amax(1, keepdim=True).float() - weights.amax(1, keepdim=True).log()
            total += (sums - logits.gather(1, own)).sum()
            weights.scatter_add_(1, own, torch.full((len(own), 1), -1.0))
            gradients[rows] = weights
        context.save_for_backward((gradients @ embedding).div_(n), (gradients.T @ states).div_(n))
        return total / n

    @staticmethod
    def backward(context, gradient):
        dstates, dembedding = context.saved_tensors
        return dstates * gradient.to(dstates.dtype), dembedding * gradient.to(dembedding.dtype), None


def rms_norm(x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + epsilon) * weight


class FastCpu:
    """Parameters and moments of one run, and its step."""

    def __init__(self, config: ModelConfig, precision: str, parameters: dict, first: dict, second: dict):
        torch.set_num_threads(1)
        self.config, self.dtype = config, getattr(torch, precision)
        self.parameters = {name: torch.tensor(np.asarray(value), requires_grad=True) for name, value in parameters.items()}
        self.first, self.second = ({name: torch.tensor(np.asarray(v)) for name, v in part.items()} for part in (first, second))
        cos, sin = (torch.from_numpy(table) for table in rotary_tables(config, config.context))
        self.rotary = cos, sin
        self.causal = torch.ones(config.context, config.context, dtype=torch.bool).tril()

    def loss(self, windows: np.ndarray, documents: np.ndarray) -> torch.Tensor:
        """Mean next-token loss in nats of windows of (batch, context + 1)."""
        config, p = self.config, self.parameters
        matrices = {name: value.to(self.dtype) for name, value in p.items() if value.ndim == 2}
        tokens = torch.from_numpy(windows[:, :-1].astype(np.int64))
        own = torch.from_numpy(documents[:, :-1])
        batch, time = tokens.shape
        visible = (self.causal & (own[:, :, None] == own[:, None, :]))[:, None]
        mask = torch.zeros(visible.shape, dtype=self.dtype).masked_fill_(~visible, float("-inf"))
        cos, sin = self.rotary

        def by_head(y: torch.Tensor) -> torch.Tensor:
            return y.view(batch, time, config.heads, config.head_width).transpose(1, 2)

        def rotate(y: torch.Tensor) -> torch.Tensor:
            first, second = by_head(y).float().chunk(2, dim=-1)
            return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1).to(self.dtype)

        x = F.embedding(tokens, p["embedding"])
        for layer in range(config.layers):
            y = rms_norm(x, p[f"{layer}.attention_norm"], config.norm_epsilon).to(self.dtype)
            q, k, v = (y @ matrices[f"{layer}.{name}"] for name in "qkv")
            mixed = F.scaled_dot_product_attention(rotate(q), rotate(k), by_head(v), attn_mask=mask)
            mixed = mixed.transpose(1, 2).reshape(batch, time, config.width)
            x = x + (mixed @ matrices[f"{layer}.o"]).float()
            y = rms_norm(x, p[f"{layer}.feed_forward_norm"], config.norm_epsilon).to(self.dtype)
            gated = F.silu(y @ matrices[f"{layer}.gate"]) * (y @ matrices[f"{layer}.up"])
            x = x + (gated @ matrices[f"{layer}.down"]).float()
        states = rms_norm(x, p["norm"], config.norm_epsilon).to(self.dtype).view(-1, config.width)
        targets = torch.from_numpy(windows[:, 1:].astype(np.int64)).reshape(-1)
        return TiedCrossEntropy.apply(states, matrices["embedding"], targets)

    def step(self, count: int, rate: float, windows: np.ndarray, documents: np.ndarray) -> tuple[float, float]:
        """One update, the `count`-th; returns the loss in nats and the gradient norm before clipping."""
        loss = self.loss(windows, documents)
        loss.backward()
        values = list(self.parameters.values())
        gradients = [value.grad for value in values]
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(gradients)))
        correction1, correction2 = 1 - BETA1**count, 1 - BETA2**count
        with torch.no_grad():
            torch._foreach_mul_(gradients, min(1.0, CLIP_NORM / (float(norm) + 1e-6)))
            first, second = list(self.first.values()), list(self.second.values())
            torch._foreach_lerp_(first, gradients, 1 - BETA1)
            torch._foreach_mul_(second, BETA2)
            torch._foreach_addcmul_(second, gradients, gradients, 1 - BETA2)
            divisors = torch._foreach_sqrt(second)
            torch._foreach_mul_(divisors, correction2**-0.5)
            torch._foreach_add_(divisors, EPSILON)
            torch._foreach_mul_([v for v in values if v.ndim == 2], 1 - rate * WEIGHT_DECAY)
            torch._foreach_addcdiv_(values, first, divisors, -rate / correction1)
        for value in values:
            value.grad = None
        return float(loss.detach()), float(norm)

    def arrays(self) -> tuple[dict, dict, dict]:
        """(parameters, first moments, second moments) as NumPy arrays that the step goes on to change."""
        return tuple({name: v.detach().numpy() for name, v in part.items()} for part in (self.parameters, self.first, self.second))
