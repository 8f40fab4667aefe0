"""Checks of the trainer: `python -m unittest discover -s ladder/train`."""

import csv
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np

import run as runner
from data import Stream, load_prefix, save_prefix, windows_at
from export import interleave_heads
from model import ModelConfig, initial_parameters, rotary_tables, rotate, token_losses, training_loss
from optimiser import Schedule, adamw
from tokenizer import BOUNDARY_ID, load_tokenizer, token_bytes

SMALL = ModelConfig(width=32, layers=2, heads=2, feed_forward=88, vocabulary=4096, context=64)


def random_stream(tokens: int, seed: int) -> Stream:
    ids = np.random.default_rng(seed).integers(0, 4096, tokens).astype(np.uint16)
    ids[0] = BOUNDARY_ID
    return Stream(ids, np.flatnonzero(ids[:-1] == BOUNDARY_ID))


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


class Attention(unittest.TestCase):
    def test_a_document_is_scored_as_if_it_stood_alone(self):
        parameters = initial_parameters(SMALL, seed=3)
        window = np.random.default_rng(4).integers(1, 4096, (1, 65)).astype(np.int32)
        window[0, 30] = BOUNDARY_ID
        together = token_losses(parameters, window, np.cumsum(window == BOUNDARY_ID, axis=1), SMALL)
        alone = token_losses(parameters, window[:, 30:], np.zeros((1, 35), np.int32), SMALL)
        np.testing.assert_allclose(together[0, 30:], alone[0], atol=2e-5)


class Rotary(unittest.TestCase):
    def test_interleaved_rows_rotate_in_adjacent_pairs_to_the_same_scores(self):
        random = np.random.default_rng(5)
        q, k = (random.standard_normal((32, 32)).astype(np.float32) for _ in range(2))
        x = random.standard_normal((1, 6, 32)).astype(np.float32)
        cos, sin = rotary_tables(SMALL, 6)

        def split_halves(matrix):
            y = (x @ matrix.T).reshape(1, 6, 2, 16).swapaxes(1, 2)
            return np.asarray(rotate(jnp.asarray(y), cos, sin))

        def adjacent_pairs(matrix):
            y = (x @ interleave_heads(matrix, 2).T).reshape(6, 2, 8, 2)
            even, odd = y[..., 0], y[..., 1]
            c, s = cos[:, None], sin[:, None]
            turned = np.stack([even * c - odd * s, odd * c + even * s], axis=-1)
            return turned.reshape(1, 6, 2, 16).swapaxes(1, 2)

        ours = split_halves(q) @ split_halves(k).swapaxes(2, 3)
        theirs = adjacent_pairs(q) @ adjacent_pairs(k).swapaxes(2, 3)
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4)


class Optimiser(unittest.TestCase):
    def test_schedule_warms_up_peaks_and_ends_at_a_tenth(self):
        schedule = Schedule(peak=1.0, warmup_steps=10, decay_steps=100)
        self.assertAlmostEqual(schedule.at(5), 0.5)
        self.assertAlmostEqual(schedule.at(10), 1.0)
        self.assertAlmostEqual(schedule.at(55), 0.55)  # half-way down a cosine: the mean of 1 and .1
        self.assertAlmostEqual(schedule.at(100), 0.1)
        self.assertAlmostEqual(schedule.at(130), 0.1)

    def test_first_step_moves_by_the_rate_and_decays_matrices_alone(self):
        # Bias correction makes the first update the gradient's sign (Kingma & Ba, Algorithm 1).
        parameters = {"matrix": jnp.full((1, 1), 2.0), "vector": jnp.full(1, 2.0)}
        gradients = {"matrix": jnp.full((1, 1), 0.3), "vector": jnp.full(1, -0.4)}
        zeros = jax.tree.map(jnp.zeros_like, parameters)
        updated, _, _, norm = adamw(parameters, gradients, zeros, zeros, 1.0, 0.01)
        self.assertAlmostEqual(float(norm), 0.5, places=6)
        self.assertAlmostEqual(float(updated["matrix"][0, 0]), 2 - 0.01 * (1 + 0.1 * 2), places=6)
        self.assertAlmostEqual(float(updated["vector"][0]), 2 + 0.01, places=6)


class Data(unittest.TestCase):
    def test_windows_overlap_by_one_token_and_number_their_documents(self):
        stream = Stream(np.asarray([0, 5, 6, 0, 7, 8, 9, 0, 4], np.uint16), np.asarray([0, 3, 7]))
        windows, documents = windows_at(stream, np.arange(2), 4)
        self.assertEqual(windows.tolist(), [[0, 5, 6, 0, 7], [7, 8, 9, 0, 4]])
        self.assertEqual(documents.tolist(), [[1, 1, 1, 2, 2], [0, 0, 0, 1, 1]])
        self.assertEqual([stream.documents_within(n) for n in (2, 3, 6, 7, 8)], [0, 1, 1, 2, 3])

    def test_prefix_reads_back(self):
        stream = random_stream(1000, seed=6)
        with tempfile.TemporaryDirectory() as folder:
            save_prefix(stream, 500, Path(folder, "x.gz"))
            np.testing.assert_array_equal(load_prefix(Path(folder, "x.gz")).tokens, stream.tokens[:500])

    def test_token_bytes_join_to_the_text(self):
        tokenizer = load_tokenizer()
        text = "Äpfel, 日本\t<|endoftext|> x=1\n"
        lookup = token_bytes(tokenizer)
        self.assertEqual(b"".join(lookup[i] for i in tokenizer.encode(text).ids), text.encode())


class Resuming(unittest.TestCase):
    def test_a_run_killed_half_way_ends_as_one_that_was_not(self):
        plan = runner.RunPlan(id="t", size="s", steps=8, peak=0.01, log_every=1, rollback={"at": 6, "to": 3})
        stream, held_out = random_stream(5000, seed=7), random_stream(2000, seed=8)

        class Killed(Exception):
            pass

        def train(folder: str, die_at: int | None):
            calls = 0
            real = runner.train_step

            def step(*arguments):
                nonlocal calls
                calls += 1
                if calls == die_at:
                    raise Killed
                return real(*arguments)

            with mock.patch.object(runner, "train_step", step):
                return runner.train(
                    plan, SMALL, stream, held_out, load_tokenizer(),
                    build=Path(folder, "build"), logs=Path(folder, "logs"), say=lambda _: None,
                )

        def losses(folder: str) -> list[tuple]:
            with Path(folder, "logs", "training.csv").open() as file:
                return [(row["step"], row["loss"], row["val_loss"]) for row in csv.DictReader(file)]

        with tempfile.TemporaryDirectory() as whole, tempfile.TemporaryDirectory() as broken:
            with mock.patch.object(runner, "CHECKPOINT_SECONDS", 0.0):
                expected = train(whole, None)
                for die_at in (5, 3, 1):
                    with self.assertRaises(Killed):
                        train(broken, die_at)
                found = train(broken, None)
            self.assertEqual(losses(whole), losses(broken))
            self.assertEqual([step for step, _, _ in losses(whole)], [str(s) for s in (1, 2, 3, 4, 5, 6, 4, 5, 6, 7, 8)])
            self.assertEqual(expected["heldOutLoss"], found["heldOutLoss"])


if __name__ == "__main__":
    unittest.main()
