"""Checks of the trainer: `python -m unittest discover -s ladder/train`."""

import unittest

import jax
import jax.numpy as jnp
import numpy as np

from model import ModelConfig, initial_parameters, token_losses, training_loss


class FastPaths(unittest.TestCase):
    def test_value_and_gradient_equal_the_plain_model(self):
        config = ModelConfig(width=32, layers=2, heads=2, feed_forward=88, vocabulary=512)
        parameters = initial_parameters(config, seed=1)
        windows = jnp.asarray(np.random.default_rng(2).integers(0, 512, (4, 257)), jnp.int32)
        documents = jnp.cumsum(windows < 6, axis=1)
        plain = jax.jit(jax.value_and_grad(lambda p: token_losses(p, windows, documents, config).mean()))
        fast = jax.jit(jax.value_and_grad(lambda p: training_loss(p, windows, documents, config)))
        expected, expected_gradient = plain(parameters)
        loss, gradient = fast(parameters)
        self.assertAlmostEqual(float(loss), float(expected), places=5)
        for name, value in gradient.items():
            np.testing.assert_allclose(value, expected_gradient[name], rtol=2e-3, atol=2e-6, err_msg=name)


if __name__ == "__main__":
    unittest.main()
