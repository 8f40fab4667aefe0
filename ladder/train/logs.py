"""Training logs in the forms that real trainers leave behind.

`trainer_state.json` (Hugging Face Trainer; a not-a-number loss is written bare, as theirs),
`training.csv`, and TensorBoard events. All three are written from the same rows.
"""

from __future__ import annotations

import csv
import json
import math
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


def write_events(rows: list[dict], folder: Path, began: float) -> None:
    """One event file; `began` is the run's start in Unix seconds."""
    for old in folder.glob("events.out.tfevents.*"):
        old.unlink()
    writer = EventsWriter(str(folder / "events"))
    made = Path(writer._file_name)  # the library appends the host's name to what it is given
    for row in rows:
        values = [
            summary_pb2.Summary.Value(tag=tag, simple_value=row[key])
            for key, tag in TENSORBOARD_TAGS.items()
            if key in row
        ]
        event = event_pb2.Event(
            wall_time=began + row["seconds"], step=row["step"], summary=summary_pb2.Summary(value=values)
        )
        writer.write_event(event)
    writer.close()
    made.rename(folder / f"events.out.tfevents.{int(began)}.ladder")
