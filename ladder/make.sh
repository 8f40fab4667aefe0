#!/usr/bin/env bash
# Makes the whole ladder again, from the packages that its text comes from to the figures of its page. Hours; every
# stage goes on where it was stopped. What it takes and what it gives: ladder/README.md
#
#   ladder/make.sh                     every stage, in order
#   ladder/make.sh train [STAGE…]      these stages alone
#
# Seconds of every stage are added up in .build/stages.tsv. Runs that need an accelerator are left out on a CPU:
# train/gpu.sh trains all in minutes where there is one.
set -euo pipefail
cd "$(dirname "$0")/.."
root=ladder
python=ladder/.build/venv/bin/python
mkdir -p "$root/.build"

step() {
  printf '\n== %s\n' "$*"
  "$@"
}

stage() {
  case $1 in
    build) step npm run build ;;
    venv) step ladder/train/venv.sh requirements-train.txt ;;
    text)
      [ -e "$root/.build/corpus/summary.json" ] || step npx tsx ladder/corpus/build.ts
      step npx tsx ladder/corpus/facts.ts
      step npx tsx ladder/corpus/ladder-notices.ts
      ;;
    tasks)
      step npx tsx ladder/tasks/build.ts
      step npx tsx ladder/adaptation/build.ts
      ;;
    train) step "$python" ladder/train/ladder.py --engine torch --precision bfloat16 ;;
    ship)
      step "$python" ladder/train/ship.py
      step "$python" ladder/train/checkpoint_folder.py
      ;;
    retrain)
      step "$python" ladder/train/retrain_check.py --pack
      step "$python" ladder/train/retrain_check.py --measure
      ;;
    evaluate)
      step npx tsx ladder/evaluate/evaluate.ts
      step npx tsx ladder/evaluate/assemble.ts
      ;;
    law) step npx tsx ladder/evaluate/law.ts ;;
    salience)
      # The vector that ships: docs/methods/salience.md#the-shipped-vector
      step ./assay salience --losses "$root/span-losses.parquet" --families ladder/families.csv \
        --scores "$root/evaluations.csv" "$root/evaluations-unhealthy.csv" --save models/salience.json
      ;;
    adaptation) step "$python" ladder/train/adaptation.py ;;
    counts) step npx tsx ladder/corpus/counts.ts ;;
    answers) step npx tsx bench/knowledge/ladder-retention.ts --limit 960 --templates 3 ;;
    readme) step npx tsx ladder/train/readme.ts ;;
    *)
      echo "no such stage: $1" >&2
      exit 3
      ;;
  esac
}

[ $# -gt 0 ] || set -- build venv text tasks train ship retrain evaluate law salience adaptation counts answers readme
for name; do
  began=$SECONDS
  stage "$name"
  printf '%s\t%d\n' "$name" $((SECONDS - began)) >>"$root/.build/stages.tsv"
done
awk -F'\t' '{ sum += $2 } END { printf "\n%d s in all stages so far\n", sum }' "$root/.build/stages.tsv"
