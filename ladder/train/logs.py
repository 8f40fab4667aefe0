"""Training logs in the forms that real trainers leave behind.

`trainer_state.json` (Hugging Face Trainer; a not-a-number loss is written bare, as theirs),
`training.csv`, TensorBoard events and, where a run asks for one, a file of W&B's off-line mode. All are
written from the same rows.
"""

from __future__ import annotations

import csv
import json
import math
import shutil
from importlib.util import find_spec
from pathlib import Path

from tensorboardX.event_file_writer import EventsWriter
from tensorboardX.proto import event_pb2, summary_pb2

COLUMNS = ["step", "tokens", "loss", "grad_norm", "learning_rate", "seconds", "val_loss"]
TENSORBOARD_TAGS = {
    "loss": "train/loss",
    "grad_norm": "train/grad_norm",
    "learning_rate": "train/learning_rate",
    "val_loss": "eval/loss",
}


def write_atomically(path: Path, text: str) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_text(text, encoding="utf-8")
    partial.rename(path)


def significant(value: float, digits: int = 6) -> float:
    return float(f"{value:.{digits}g}") if math.isfinite(value) else value


def write_csv(rows: list[dict], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            cells = {k: significant(v) if isinstance(v, float) else v for k, v in row.items()}
            writer.writerow(cells)


def write_trainer_state(rows: list[dict], path: Path, *, steps: int, log_every: int, flops: float) -> None:
    history = []
    for row in rows:
        place = {"epoch": significant(row["step"] / steps, 5), "step": row["step"]}
        if "loss" in row:
            named = {k: significant(row[k]) for k in ("loss", "grad_norm", "learning_rate")}
            history.append(named | place)
        if "val_loss" in row:
            history.append({"eval_loss": significant(row["val_loss"]), **place})
    losses = [row["loss"] for row in rows if "loss" in row]
    history.append(
        {
            "train_loss": significant(sum(losses) / len(losses)),
            "train_runtime": round(rows[-1]["seconds"], 1),
            "total_flos": flops,
            "epoch": significant(rows[-1]["step"] / steps, 5),
            "step": rows[-1]["step"],
        }
    )
    state = {
        "best_metric": None,
        "best_model_checkpoint": None,
        "epoch": significant(rows[-1]["step"] / steps, 5),
        "global_step": rows[-1]["step"],
        "is_hyper_param_search": False,
        "is_local_process_zero": True,
        "is_world_process_zero": True,
        "logging_steps": log_every,
        "max_steps": steps,
        "num_train_epochs": 1,
        "total_flos": flops,
    }
    lines = ",\n".join("    " + json.dumps(entry) for entry in history)
    head = json.dumps(state, indent=2)[:-2]
    write_atomically(path, f'{head},\n  "log_history": [\n{lines}\n  ]\n}}\n')


class LiveLogs:
    """TensorBoard events, and an off-line `.wandb` file where the plan asks for one, while the run goes on.

    A run that goes on after a kill writes its rows up to the checkpoint again, so that neither holds a row twice.
    """

    def __init__(self, folder: Path, plan, rows: list[dict], began: float):
        """`began` is the run's start in Unix seconds."""
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("events*"):
            old.unlink()
        self.began = began
        self.events = EventsWriter(str(folder / "events"))
        # The library appends the host's name to what it is given.
        Path(self.events._file_name).rename(folder / f"events.out.tfevents.{int(began)}.ladder")
        # A machine that only trains may lack the package: its runs have the other logs.
        self.wandb = WandbFile(folder, plan) if plan.wandb and find_spec("wandb") else None
        for row in rows:
            self.add(row)
        self.flush()

    def add(self, row: dict) -> None:
        named = {tag: row[key] for key, tag in TENSORBOARD_TAGS.items() if key in row}
        values = [summary_pb2.Summary.Value(tag=tag, simple_value=value) for tag, value in named.items()]
        event = event_pb2.Event(
            wall_time=self.began + row["seconds"], step=row["step"], summary=summary_pb2.Summary(value=values)
        )
        self.events.write_event(event)
        if self.wandb:
            self.wandb.add(named | {"_timestamp": self.began + row["seconds"]}, row["step"])

    def flush(self) -> None:
        self.events.flush()

    def close(self) -> None:
        self.events.close()
        if self.wandb:
            self.wandb.close()


class WandbFile:
    """What `wandb` writes in off-line mode, `run-<id>.wandb`, without the machine's name, paths and hardware."""

    def __init__(self, folder: Path, plan):
        import wandb  # only where a run asks for it

        self.target = folder / f"run-{plan.id}.wandb"
        self.scratch = folder / "wandb.partial"
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir()
        settings = wandb.Settings(
            mode="offline", console="off", disable_git=True, save_code=False, host="ladder", silent=True,
            x_disable_meta=True, x_disable_stats=True,
        )
        described = {"size": plan.size, "steps": plan.steps, "peak": plan.peak, "seed": plan.seed, "shape": plan.shape}
        self.run = wandb.init(
            project="assay-ladder", id=plan.id, name=plan.id, dir=str(self.scratch), config=described, settings=settings
        )

    def add(self, values: dict[str, float], step: int) -> None:
        self.run.log(values, step=step)

    def close(self) -> None:
        self.run.finish()
        (made,) = self.scratch.rglob("run-*.wandb")
        shutil.copyfile(made, self.target)
        shutil.rmtree(self.scratch)
