"""Checks of the trainer: `python -m unittest discover -s ladder/train`."""

import csv
import importlib.util
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import jax
import jax.numpy as jnp
import numpy as np

import ladder
import run as runner
from data import Reading, Stream, by_domain, load_prefix, reading, save_prefix, window_order, windows_at
from export import interleave_heads
from ladder import expanded, named_runs, read_plan
from model import ModelConfig, initial_parameters, rotary_tables, rotate, token_losses, training_loss
from optimiser import Schedule, adamw
from places import HERE
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


@unittest.skipUnless(importlib.util.find_spec("torch"), "PyTorch is not installed")
class FastSteps(unittest.TestCase):
    def test_loss_gradient_and_update_equal_the_reference(self):
        from fast_cpu import FastCpu

        start = initial_parameters(SMALL, seed=1)
        zeros = {name: np.zeros_like(value) for name, value in start.items()}
        windows = np.random.default_rng(2).integers(0, 4096, (4, 65)).astype(np.int32)
        documents = np.cumsum(windows < 200, axis=1, dtype=np.int32)
        fast = FastCpu(SMALL, "float32", start, zeros, zeros)
        found = [fast.step(count, 0.01, windows, documents) for count in (1, 2, 3)]
        expected, state = [], (start, zeros, zeros)
        for count in (1, 2, 3):
            *state, loss, norm = runner.train_step(
                *jax.tree.map(jnp.array, state), count, 0.01, windows, documents, SMALL, jnp.float32, 1.0
            )
            expected.append((float(loss), float(norm)))
        np.testing.assert_allclose(found, expected, rtol=2e-4)
        for name, value in fast.arrays()[0].items():
            np.testing.assert_allclose(value, state[0][name], rtol=2e-2, atol=2e-4, err_msg=name)

    def test_bfloat16_moves_the_loss_by_less_than_a_hundredth(self):
        from fast_cpu import FastCpu

        start = initial_parameters(SMALL, seed=1)
        windows = np.random.default_rng(2).integers(0, 4096, (4, 65)).astype(np.int32)
        losses = [
            FastCpu(SMALL, precision, start, {}, {}).loss(windows, np.zeros_like(windows)).item()
            for precision in ("float32", "bfloat16")
        ]
        self.assertAlmostEqual(losses[0], losses[1], delta=0.01)


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

    def test_a_stable_schedule_keeps_its_peak_up_to_the_last_fifth(self):
        schedule = Schedule(peak=1.0, warmup_steps=10, decay_steps=100, shape="wsd")
        self.assertEqual([schedule.at(step) for step in (5, 10, 50, 80)], [0.5, 1.0, 1.0, 1.0])
        self.assertAlmostEqual(schedule.at(90), 0.55)
        self.assertAlmostEqual(schedule.at(100), 0.1)

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


class Readings(unittest.TestCase):
    """Five documents of 3, 2, 4, 2 and 3 tokens (boundary included), of domains a b a b a."""

    stream = Stream(
        np.asarray([0, 1, 2, 0, 3, 0, 4, 5, 6, 0, 7, 0, 8, 9, 0], np.uint16),
        np.asarray([0, 3, 5, 9, 11]),
        np.asarray([0, 1, 0, 1, 0], np.uint8),
        ("a", "b"),
    )

    def test_a_prefix_holds_the_documents_that_its_tokens_touch(self):
        read = reading(self.stream, 6)
        self.assertEqual(read.documents.tolist(), [0, 1, 2])
        self.assertEqual(read.stream.tokens.tolist(), [0, 1, 2, 0, 3, 0, 4, 5, 6, 0])

    def test_a_domain_left_out_is_made_up_for_by_what_comes_later(self):
        read = reading(self.stream, 10, mix={"b": 0})
        self.assertEqual(read.documents.tolist(), [0, 2, 4])
        self.assertEqual(read.stream.tokens.tolist(), [0, 1, 2, 0, 4, 5, 6, 0, 8, 9, 0])
        self.assertEqual(read.stream.starts.tolist(), [0, 3, 7])
        with self.assertRaises(SystemExit):
            reading(self.stream, 11, mix={"b": 0})

    def test_a_smaller_share_is_a_part_of_a_larger_one(self):
        tokens = np.zeros(2001, np.uint16)
        stream = Stream(tokens, np.arange(0, 2000, 2), np.zeros(1000, np.uint8), ("a",))
        tenth, third = (set(reading(stream, 100, mix={"a": share}).documents.tolist()) for share in (0.1, 0.3))
        every = {i for i in range(1000)}
        self.assertTrue(tenth <= set(reading(stream, 500, mix={"a": 0.3}).documents.tolist()) <= every)
        self.assertGreater(min(len(tenth), len(third)), 40)

    def test_repeated_documents_come_back_whole_as_often_as_was_said(self):
        read = reading(self.stream, 42, repeat={"share": 1.0, "times": 3})
        self.assertEqual(np.bincount(read.documents).tolist(), [3, 3, 3, 3, 3])
        for start, length, document in zip(read.stream.starts, read.stream.lengths, read.documents, strict=True):
            own = self.stream.starts[document]
            self.assertEqual(
                read.stream.tokens[start : start + length].tolist(), self.stream.tokens[own : own + length].tolist()
            )

    def test_times_read_equal_a_count_by_hand(self):
        random = np.random.default_rng(9)
        stream = random_stream(4000, seed=10)
        # Documents by boundary, so that lengths run from one token to several windows.
        ids = stream.tokens.copy()
        ids[random.integers(1, 4000, 200)] = BOUNDARY_ID
        starts = np.flatnonzero(ids[:-1] == BOUNDARY_ID)
        read = Reading(Stream(ids, starts), np.arange(len(starts)))
        context = 16
        windows = random.integers(0, 3999 // context, 300)
        seen = np.bincount(windows, minlength=4000 // context + 1)
        expected = []
        for start, length in zip(starts, read.stream.lengths, strict=True):
            # The token at position p is predicted in window (p − 1) // context.
            places = range(start + 1, start + length) if length > 1 else [start + 1]
            expected.append(min(seen[(p - 1) // context] for p in places))
        self.assertEqual(read.times_read(windows, context).tolist(), expected)

    def test_an_epoch_reads_every_window_once_in_an_order_of_the_seed(self):
        order = window_order(12, seed=3, epochs=3)
        for epoch in order.reshape(3, 4):
            self.assertEqual(sorted(epoch.tolist()), [0, 1, 2, 3])
        self.assertNotEqual(window_order(50, seed=1).tolist(), window_order(50, seed=2).tolist())
        self.assertEqual(window_order(4, seed=1, shuffled=False).tolist(), [0, 1, 2, 3])

    def test_held_out_text_by_domain(self):
        parts = by_domain(self.stream, 5)
        self.assertEqual(parts["a"].tokens.tolist(), [0, 1, 2, 0, 4, 5, 6, 0])
        self.assertEqual(parts["b"].tokens.tolist(), [0, 3, 0, 7, 0])


class Plan(unittest.TestCase):
    def test_each_combination_is_a_run_and_numbers_stay_numbers(self):
        written = {"id": "{size}-{domain}-{share}", "mix": {"{domain}": "{share}"}, "steps": 3}
        runs = expanded(written | {"each": {"size": ["s"], "share": [0, 0.1], "domain": ["a", "b"]}})
        self.assertEqual([run["id"] for run in runs], ["s-a-0", "s-b-0", "s-a-0.1", "s-b-0.1"])
        self.assertEqual([run["mix"] for run in runs], [{"a": 0}, {"b": 0}, {"a": 0.1}, {"b": 0.1}])

    def test_written_plans_name_every_run_once_and_only_runs_that_are_there(self):
        _, runs = read_plan()
        ids = [run.id for run in runs]
        self.assertEqual(len(ids), len(set(ids)))
        for place, run in enumerate(runs):
            if run.decay_from:
                self.assertIn(run.decay_from["run"], ids[:place])
        self.assertTrue(named_runs("ships") and named_runs("adapts"))

    def test_a_run_is_finished_by_its_record_and_what_is_made_last(self):
        plan = runner.RunPlan(id="t", size="s", steps=6, peak=0.01)
        with tempfile.TemporaryDirectory() as folder:
            build, runs = Path(folder, "build"), Path(folder, "runs")
            with mock.patch.object(ladder, "BUILD", build), mock.patch.object(ladder, "RUNS", runs):
                for made in (runs / "t", build / "ggufs" / "t", build / "checkpoints" / "t"):
                    made.mkdir(parents=True)
                (runs / "t" / "run.json").write_text("{}")
                # What a killed run leaves that is trained again over a record that ships.
                (build / "ggufs" / "t" / "3.gguf").touch()
                (build / "checkpoints" / "t" / "last.npz").touch()
                self.assertFalse(ladder.is_finished(plan))
                (build / "ggufs" / "t" / "6.gguf").touch()
                self.assertTrue(ladder.is_finished(plan))

    def test_a_burst_takes_the_place_of_windows_that_are_not_read(self):
        plan = runner.RunPlan(id="t", size="s", steps=6, peak=0.01, burst=(3, 4))
        order = np.arange(6 * runner.BATCH)
        read = runner.windows_read(plan, order, 6).reshape(-1, runner.BATCH)[:, 0] // runner.BATCH
        self.assertEqual(read.tolist(), [0, 1, 4, 5])
        self.assertEqual(len(runner.windows_read(plan, order, 3)), 2 * runner.BATCH)


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
