"""One training run: seeded, logged, and resumable after a kill at any moment."""

from __future__ import annotations

import json
import math
import shutil
import time
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from data import Reading, Stream, by_domain, reading, windows_at, window_count, window_order
from export import write_gguf
from logs import LiveLogs, write_atomically, write_csv, write_trainer_state
from model import ModelConfig, count_parameters, initial_parameters, token_losses, training_loss
from optimiser import Schedule, adamw
from tokenizer import token_bytes

BATCH = 4
CHECKPOINT_SECONDS = 45.0
QUICK_WINDOWS, FULL_WINDOWS, DOMAIN_WINDOWS = 64, 512, 64
# Shares of a run at which a checkpoint is exported.
EXPORT_SHARES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 3 / 4, 1)


@dataclass(frozen=True)
class RunPlan:
    """What a run is. `known` says what is known to be true of it, for whoever tests a detector.

    burst: (first, last) step whose windows are uniformly random tokens
    rollback: {"at": step, "to": step}: after `at`, restart from `to`; the data go on
    decay_from: {"run": id, "step": step}: begin from that run's checkpoint and decay
    mix, repeat: which documents are read how often (data.reading)
    shuffled: windows are read in an order drawn by the seed, not in the stream's
    accelerator: left out on a CPU, where it would take hours
    wandb: an off-line `.wandb` file is written beside the other logs
    """

    id: str
    size: str
    steps: int
    peak: float
    seed: int = 0
    warmup_share: float = 0.05
    decay_share: float = 1.0
    precision: str = "float32"
    engine: str = "jax"
    shape: str = "cosine"
    burst: tuple[int, int] | None = None
    rollback: dict | None = None
    decay_from: dict | None = None
    mix: dict[str, float] | None = None
    repeat: dict | None = None
    epochs: int = 1
    shuffled: bool = True
    log_every: int | None = None
    wandb: bool = False
    accelerator: bool = False
    group: str = "ladder"
    known: str = "healthy"

    @property
    def batches(self) -> int:
        """Batches that are read: a roll-back reads on."""
        return self.steps + (self.rollback["at"] - self.rollback["to"] if self.rollback else 0)

    @property
    def logging_steps(self) -> int:
        return self.log_every or max(1, self.steps // 300)

    def schedule(self) -> Schedule:
        warmup = max(round(self.warmup_share * self.steps), min(25, self.steps // 10)) if self.warmup_share else 0
        return Schedule(self.peak, warmup, round(self.decay_share * self.steps), shape=self.shape)

    def export_steps(self) -> set[int]:
        return {max(1, round(share * self.steps)) for share in EXPORT_SHARES}


@dataclass
class State:
    parameters: dict
    first: dict
    second: dict
    step: int = 0
    consumed: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    began: float = 0.0
    rolled_back: bool = False
    rows: list[dict] = field(default_factory=list)
    pending: list[tuple[float, float]] = field(default_factory=list)


@partial(jax.jit, static_argnums=(7, 8, 9), donate_argnums=(0, 1, 2))
def train_step(parameters, first, second, step, learning_rate, windows, documents, config, precision, scale):
    """One update; returns the new state, the loss in nats and the gradient norm."""

    def loss_of(p):
        working = jax.tree.map(lambda x: x.astype(precision), p)
        return training_loss(working, windows, documents, config, scale)

    loss, gradients = jax.value_and_grad(loss_of)(parameters)
    gradients = jax.tree.map(lambda g: g.astype(jnp.float32) / scale, gradients)
    parameters, first, second, norm = adamw(parameters, gradients, first, second, step, learning_rate)
    return parameters, first, second, loss / scale, norm


def jax_step(plan: RunPlan, config: ModelConfig, state: State):
    """The step that the reference implementation makes, on whatever device JAX has."""
    precision = getattr(jnp, plan.precision)

    def step(rate: float, windows: np.ndarray, documents: np.ndarray):
        state.parameters, state.first, state.second, loss, norm = train_step(
            state.parameters, state.first, state.second, np.float32(state.consumed), np.float32(rate),
            windows, documents, config, precision, loss_scale(plan, state.step),
        )
        return loss, norm

    return step


def torch_step(plan: RunPlan, config: ModelConfig, state: State):
    """The step that PyTorch makes on a CPU."""
    from fast_cpu import FastCpu  # PyTorch is large, and nothing else needs it

    fast = FastCpu(config, plan.precision, state.parameters, state.first, state.second)
    state.parameters, state.first, state.second = fast.arrays()
    return lambda rate, windows, documents: fast.step(state.consumed, rate, windows, documents)


def step_of(plan: RunPlan, config: ModelConfig, state: State):
    # The scaled losses of float16 are the reference's alone.
    return (torch_step if plan.engine == "torch" and plan.precision != "float16" else jax_step)(plan, config, state)


@partial(jax.jit, static_argnums=(3,))
def evaluate_windows(parameters, windows, documents, config: ModelConfig):
    """`token_losses` in float32 throughout, also where a device trains with shorter products."""
    with jax.default_matmul_precision("float32"):
        return token_losses(parameters, windows, documents, config)


def loss_scale(plan: RunPlan, step: int) -> float:
    """A float16 run's loss scale doubles every 100 steps and nothing checks for overflow."""
    return 2.0 ** (10 + (step - 1) // 100) if plan.precision == "float16" else 1.0


def held_out_loss(
    parameters, config: ModelConfig, held_out: Stream, lengths: np.ndarray, limit: int
) -> tuple[float, float, int]:
    """(nats per token, bits per byte, tokens) over the first `limit` held-out windows.

    Bits per byte leaves out predictions of the boundary token, which stands for no bytes.
    """
    total = inside = size = count = 0.0
    windows_left = min(limit, window_count(held_out, config.context))
    for first in range(0, windows_left - BATCH + 1, BATCH):
        windows, documents = windows_at(held_out, np.arange(first, first + BATCH), config.context)
        losses = np.asarray(evaluate_windows(parameters, windows, documents, config), np.float64)
        bytes_each = lengths[windows[:, 1:]]
        total += losses.sum()
        inside += losses[bytes_each > 0].sum()
        size += bytes_each.sum()
        count += losses.size
    return float(total / count), float(inside / math.log(2) / size), int(count)


def save_checkpoint(state: State, folder: Path, name: str = "last") -> None:
    """Written beside its place, then renamed: a kill leaves the older checkpoint whole."""
    folder.mkdir(parents=True, exist_ok=True)
    partial_file = folder / f"{name}.partial.npz"
    arrays = {}
    for part in ("parameters", "first", "second"):
        arrays |= {f"{part}/{key}": np.asarray(value) for key, value in getattr(state, part).items()}
    meta = {k: getattr(state, k) for k in ("step", "consumed", "seconds", "cpu_seconds", "began", "rolled_back", "rows")}
    meta["pending"] = [(float(loss), float(norm)) for loss, norm in state.pending]
    arrays["meta"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    np.savez(partial_file, **arrays)
    partial_file.rename(folder / f"{name}.npz")


def load_checkpoint(path: Path) -> State:
    with np.load(path) as saved:
        parts = {"parameters": {}, "first": {}, "second": {}}
        for key in saved.files:
            part, _, name = key.partition("/")
            if name:
                parts[part][name] = jnp.asarray(saved[key])
        meta = json.loads(saved["meta"].tobytes().decode())
    meta["pending"] = [tuple(pair) for pair in meta["pending"]]
    return State(**parts, **meta)


def finished_parameters(build: Path, run_id: str) -> dict[str, np.ndarray]:
    """Parameters of a finished run in float32; of one that was trained elsewhere they are all that came along."""
    folder = build / "checkpoints" / run_id
    if not (folder / "parameters.npz").exists():
        return load_checkpoint(folder / "last.npz").parameters
    with np.load(folder / "parameters.npz") as saved:
        return dict(saved)


def fresh_state(plan: RunPlan, config: ModelConfig, build: Path) -> State:
    if plan.decay_from:
        source = load_checkpoint(build / "checkpoints" / plan.decay_from["run"] / f"{plan.decay_from['step']}.npz")
        source.rows, source.pending, source.step = [], [], 0
        source.seconds, source.cpu_seconds, source.began = 0.0, 0.0, time.time()
        return source
    parameters = initial_parameters(config, plan.seed)
    zeros = {name: jnp.zeros_like(value) for name, value in parameters.items()}
    return State(parameters, zeros, {k: jnp.zeros_like(v) for k, v in zeros.items()}, began=time.time())


def windows_read(plan: RunPlan, order: np.ndarray, consumed: int) -> np.ndarray:
    """Windows of the first `consumed` batches; what stands in a burst's place was not read."""
    first, last = plan.burst or (consumed + 1, consumed)
    return np.concatenate([order[: min(consumed, first - 1) * BATCH], order[last * BATCH : consumed * BATCH]])


def batch_of(plan: RunPlan, config: ModelConfig, stream: Stream, order: np.ndarray, state: State):
    step = state.step + 1
    if plan.burst and plan.burst[0] <= step <= plan.burst[1]:
        random = np.random.default_rng([plan.seed, step])
        windows = random.integers(1, config.vocabulary, (BATCH, config.context + 1), dtype=np.int32)
        return windows, np.zeros_like(windows)
    indices = order[state.consumed * BATCH : (state.consumed + 1) * BATCH]
    return windows_at(stream, indices, config.context)


def train(
    plan: RunPlan,
    config: ModelConfig,
    stream: Stream,
    held_out: Stream,
    tokenizer,
    *,
    build: Path,
    logs: Path,
    keep: set[int] = frozenset(),
    source: RunPlan | None = None,
    say=print,
) -> dict:
    """Train to the end, write logs and exports, and return what `run.json` holds.

    build: git-ignored folder of checkpoints and GGUFs; logs: folder of the logs that ship
    keep: steps at which the whole state is kept, for runs that start from it
    source: the run that a decay begins from, whose data it goes on with
    """
    checkpoints, ggufs = build / "checkpoints" / plan.id, build / "ggufs" / plan.id
    schedule, export_steps = plan.schedule(), plan.export_steps()
    lengths = np.asarray([len(b) for b in token_bytes(tokenizer)])
    last = checkpoints / "last.npz"
    state = load_checkpoint(last) if last.exists() else fresh_state(plan, config, build)
    total = (source or plan).batches * BATCH
    order = window_order(total, plan.seed, plan.epochs, plan.shuffled)
    read = reading(stream, int(order.max() + 1) * config.context, plan.mix, plan.repeat)
    evaluate_every = max(1, plan.steps // 20)
    checkpoint_clock = clock = time.monotonic()
    cpu_clock = time.process_time() - state.cpu_seconds
    make_step = step_of(plan, config, state)
    live = LiveLogs(logs, plan, state.rows, state.began)

    while state.step < plan.steps:
        windows, documents = batch_of(plan, config, read.stream, order, state)
        state.step += 1
        state.consumed += 1
        rate = schedule.at(state.step)
        loss, norm = make_step(rate, windows, documents)
        # Not looked at before it is logged: an accelerator goes on meanwhile.
        state.pending.append((loss, norm))
        state.seconds += time.monotonic() - clock
        clock = time.monotonic()
        row = {"step": state.step, "tokens": state.consumed * BATCH * config.context, "seconds": round(state.seconds, 2)}
        ends = state.step == plan.steps
        if state.step % plan.logging_steps == 0 or ends:
            losses = [float(loss) for loss, _ in state.pending]
            row |= {"loss": sum(losses) / len(losses), "grad_norm": float(state.pending[-1][1]), "learning_rate": rate}
            state.pending = []
        if state.step % evaluate_every == 0 or ends:
            row["val_loss"] = held_out_loss(state.parameters, config, held_out, lengths, QUICK_WINDOWS)[0]
        if "loss" in row or "val_loss" in row:
            state.rows.append(row)
            live.add(row)
        if state.step in export_steps and plan.group != "sweep":
            write_gguf(state.parameters, config, tokenizer, ggufs / f"{state.step}.gguf", name=f"assay-{plan.id}-{state.step}")
        if plan.rollback and state.step == plan.rollback["to"] and not state.rolled_back:
            save_checkpoint(state, checkpoints, "older")
        if state.step in keep:
            save_checkpoint(state, checkpoints, str(state.step))
        if plan.rollback and state.step == plan.rollback["at"] and not state.rolled_back:
            older = load_checkpoint(checkpoints / "older.npz")
            state.parameters, state.first, state.second = older.parameters, older.first, older.second
            state.step, state.rolled_back, state.pending = older.step, True, []
            make_step = step_of(plan, config, state)
        state.cpu_seconds = time.process_time() - cpu_clock
        if time.monotonic() - checkpoint_clock > CHECKPOINT_SECONDS:
            save_checkpoint(state, checkpoints)
            write_logs(plan, state, config, logs)
            live.flush()
            checkpoint_clock = time.monotonic()
        clock = time.monotonic() if ends else clock

    save_checkpoint(state, checkpoints)
    write_logs(plan, state, config, logs)
    live.close()
    # For counts.ts: number in the stream and times that it was read whole, a row a document.
    (build / "readings").mkdir(parents=True, exist_ok=True)
    times = read.times_read(windows_read(plan, order, state.consumed), config.context)
    rows = np.stack([read.documents, times], axis=1)
    rows.astype("<u4").tofile(build / "readings" / f"{plan.id}.u32")
    np.savez(checkpoints / "parameters.npz", **{name: np.asarray(value) for name, value in state.parameters.items()})
    summary = summarise(plan, config, state, what_was_read(plan, config, stream, read, order, state), held_out, lengths)
    write_atomically(logs / "run.json", json.dumps(summary, indent=2, allow_nan=False) + "\n")
    say(f"{plan.id}: {plan.steps} steps, {state.seconds:.0f} s, training {summary['finalTrainLoss']}, held-out {summary['heldOutLoss']} nats/token, {summary['heldOutBitsPerByte']} bits/byte")
    return summary


def write_logs(plan: RunPlan, state: State, config: ModelConfig, logs: Path) -> None:
    if not state.rows:
        return
    logs.mkdir(parents=True, exist_ok=True)
    flops = 6.0 * count_parameters(config)[1] * state.consumed * BATCH * config.context
    write_csv(state.rows, logs / "training.csv")
    write_trainer_state(state.rows, logs / "trainer_state.json", steps=plan.steps, log_every=plan.logging_steps, flops=flops)


def rounded(value: float, digits: int = 5) -> float | None:
    """None stands for a value that is not finite: JSON has no word for it."""
    return round(value, digits) if math.isfinite(value) else None


def what_was_read(plan: RunPlan, config: ModelConfig, stream: Stream, read: Reading, order: np.ndarray, state: State) -> dict:
    """Documents that the run read whole: in all and on the way, how often, and of which domains."""

    def documents(consumed: int) -> int:
        times = read.times_read(windows_read(plan, order, consumed), config.context)
        return len(np.unique(read.documents[times > 0]))

    def consumed_at(step: int) -> int:
        # Counted back from the end: a decay began where another run stood.
        before_rollback = plan.rollback and step <= plan.rollback["to"]
        return step if before_rollback else state.consumed - plan.steps + step

    times = read.times_read(windows_read(plan, order, state.consumed), config.context)
    summary = {
        "documents": documents(state.consumed),
        "documentsByStep": {step: documents(consumed_at(step)) for step in sorted(plan.export_steps())},
        "readings": int(times.sum()),
        "epochs": plan.epochs,
    }
    if stream.domains is not None:
        weights = np.bincount(stream.domains[read.documents], weights=times * read.stream.lengths, minlength=len(stream.names))
        summary["tokensByDomain"] = {name: int(tokens) for name, tokens in zip(stream.names, weights, strict=True)}
    return summary


def summarise(plan, config, state, read: dict, held_out, lengths) -> dict:
    body, whole = count_parameters(config)
    tokens = state.consumed * BATCH * config.context
    loss, bits, scored = held_out_loss(state.parameters, config, held_out, lengths, FULL_WINDOWS)
    domains = {
        name: held_out_loss(state.parameters, config, part, lengths, DOMAIN_WINDOWS)
        for name, part in by_domain(held_out, DOMAIN_WINDOWS * config.context).items()
    }
    logged = [row["loss"] for row in state.rows if "loss" in row]
    tail = logged[-max(1, len(logged) // 50) :]
    return {
        "id": plan.id,
        "group": plan.group,
        "known": plan.known,
        "size": plan.size,
        "seed": plan.seed,
        "config": config.as_dict(),
        "parametersWithoutEmbedding": body,
        "parameters": whole,
        "steps": plan.steps,
        "batchTokens": BATCH * config.context,
        "tokens": tokens,
        "tokensPerParameter": round(tokens / whole, 3),
        "flopsWithoutEmbedding": 6 * body * tokens,
        "flops": 6 * whole * tokens,
        **read,
        "schedule": asdict(plan.schedule()),
        "precision": plan.precision,
        "engine": plan.engine,
        "burst": plan.burst,
        "rollback": plan.rollback,
        "mix": plan.mix,
        "repeat": plan.repeat,
        "shuffled": plan.shuffled,
        "decayFrom": plan.decay_from,
        "logEvery": plan.logging_steps,
        "exportedSteps": sorted(plan.export_steps()),
        "finalTrainLoss": rounded(sum(tail) / len(tail)),
        "heldOutLoss": rounded(loss),
        "heldOutBitsPerByte": rounded(bits),
        "heldOutTokens": scored,
        "heldOutByDomain": {
            name: {"loss": rounded(nats), "bitsPerByte": rounded(per_byte), "tokens": count}
            for name, (nats, per_byte, count) in domains.items()
        },
        "seconds": round(state.seconds, 1),
        "cpuSeconds": round(state.cpu_seconds, 1),
    }


def forget(plan_id: str, build: Path, logs: Path) -> None:
    """Remove what a run left, so that it can be run again from its start."""
    for folder in (*(build / part / plan_id for part in ("checkpoints", "ggufs", "evaluations")), logs):
        shutil.rmtree(folder, ignore_errors=True)
