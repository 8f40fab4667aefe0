"""AdamW with decoupled weight decay on matrices, clipping by global norm, and schedules."""

from __future__ import annotations

import math
from dataclasses import dataclass

import jax
import jax.numpy as jnp

BETA1, BETA2, EPSILON, WEIGHT_DECAY, CLIP_NORM = 0.9, 0.95, 1e-8, 0.1, 1.0


@dataclass(frozen=True)
class Schedule:
    """Linear warm-up to `peak`, then cosine (or linear) to `floor * peak` at `decay_steps`, then flat.
    "wsd" (warm-up, stable, decay) keeps the peak up to the last `cooldown` of the steps and falls linearly there."""

    peak: float
    warmup_steps: int
    decay_steps: int
    floor: float = 0.1
    shape: str = "cosine"
    cooldown: float = 0.2

    def at(self, step: int) -> float:
        """Learning rate of step 1, 2, …"""
        if step <= self.warmup_steps:
            return self.peak * step / self.warmup_steps
        begin = round((1 - self.cooldown) * self.decay_steps) if self.shape == "wsd" else self.warmup_steps
        progress = min(1.0, max(0, step - begin) / max(1, self.decay_steps - begin))
        fall = 0.5 * (1 + math.cos(math.pi * progress)) if self.shape == "cosine" else 1 - progress
        return self.peak * (self.floor + (1 - self.floor) * fall)


def global_norm(gradients: dict[str, jax.Array]) -> jax.Array:
    return jnp.sqrt(sum(jnp.sum(jnp.square(g.astype(jnp.float32))) for g in gradients.values()))


def adamw(parameters, gradients, first, second, step, learning_rate):
    """One update. Returns (parameters, first moments, second moments, gradient norm before clipping)."""
    norm = global_norm(gradients)
    clip = jnp.minimum(1.0, CLIP_NORM / (norm + 1e-6))
    correction1, correction2 = 1 - BETA1**step, 1 - BETA2**step
    new_parameters, new_first, new_second = {}, {}, {}
    for name, value in parameters.items():
        gradient = gradients[name].astype(jnp.float32) * clip
        m = BETA1 * first[name] + (1 - BETA1) * gradient
        v = BETA2 * second[name] + (1 - BETA2) * jnp.square(gradient)
        update = (m / correction1) / (jnp.sqrt(v / correction2) + EPSILON)
        decay = WEIGHT_DECAY if value.ndim == 2 else 0.0
        new_parameters[name] = value - learning_rate * (update + decay * value)
        new_first[name], new_second[name] = m, v
    return new_parameters, new_first, new_second, norm
