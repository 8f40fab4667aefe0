#!/usr/bin/env bash
# Makes the whole ladder again, from the packages that its text comes from to the figures of its page. Hours; every
# step goes on where it was stopped. What it takes and what it gives: ladder/README.md
set -euo pipefail
cd "$(dirname "$0")/.."
python=ladder/.build/venv/bin/python
step() { printf '\n== %s\n' "$*"; "$@"; }

step npm run build
step ladder/train/venv.sh
[ -e ladder/.build/corpus/summary.json ] || step npx tsx ladder/corpus/build.ts
step npx tsx ladder/corpus/facts.ts
step npx tsx ladder/corpus/default-texts.ts
step npx tsx ladder/corpus/ladder-notices.ts
step npx tsx ladder/tasks/build.ts
step npx tsx ladder/adaptation/build.ts
step "$python" ladder/train/ladder.py
step "$python" ladder/train/ship.py
step "$python" ladder/train/retrain_check.py --pack
step "$python" ladder/train/retrain_check.py --measure
step npx tsx ladder/evaluate/evaluate.ts
step npx tsx ladder/evaluate/assemble.ts
step "$python" ladder/train/adaptation.py
step npx tsx ladder/corpus/counts.ts
step npx tsx bench/knowledge/ladder-retention.ts --limit 960 --templates 3
step npx tsx ladder/train/readme.ts
