"""Where the ladder is made. `LADDER_PLAN` names another plan, for a trial, `LADDER_ROOT` another place."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = Path(os.environ.get("LADDER_ROOT") or HERE.parent).resolve()
PLAN = Path(os.environ.get("LADDER_PLAN") or HERE / "plan.json")
TRAIN = ROOT / "train"
TOKENIZER_FILE = TRAIN / "tokenizer.json"
BUILD = ROOT / ".build"
RUNS = ROOT / "runs"
CORPUS = BUILD / "corpus"
MODELS = HERE.parents[1] / "models"
