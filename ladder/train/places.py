"""Where an edition of the ladder is made: its plan, and the folder that everything is written under.

The edition that ships is made in place. `LADDER_EDITION=2` means the one that is to follow it, made under
`LADDER_ROOT` (or `ladder/.build/second`) until it is whole. `LADDER_PLAN` names another plan, for a trial.
"""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
LADDER = HERE.parent
SECOND = os.environ.get("LADDER_EDITION") == "2"
ROOT = Path(os.environ.get("LADDER_ROOT") or LADDER / ".build" / "second").resolve() if SECOND else LADDER
PLAN = Path(os.environ.get("LADDER_PLAN") or HERE / ("second.json" if SECOND else "plan.json"))
TRAIN = ROOT / "train"
TOKENIZER_FILE = (ROOT if SECOND else HERE) / "tokenizer.json"
BUILD = ROOT / ".build"
RUNS = ROOT / "runs"
CORPUS = BUILD / "corpus"
MODELS = ROOT / "models" if SECOND else LADDER.parent / "models"
