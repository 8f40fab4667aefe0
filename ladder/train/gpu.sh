#!/usr/bin/env bash
# Trains the second edition on one accelerator, in minutes, with several trainers beside each other: models this small
# leave most of it idle. Steps are the CPU's, matrices in bfloat16.
#
#   ladder/train/gpu.sh pack                  where the text is: what training needs, into ladder/.build/gpu
#   ladder/train/gpu.sh train [SECONDS]       where the accelerator is: trains what is not finished, into LADDER_ROOT
#   ladder/train/gpu.sh collect FOLDER [N]    the N-th four parts of logs, readings and models, 15 MB each
#
# There python3 must have jax (with its device), numpy, tokenizers, safetensors and protobuf; the two that are rarely
# there, gguf and tensorboardX, travel in the pack.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export LADDER_EDITION=2
pack=$here/../.build/gpu
root=${LADDER_ROOT:-$here/../.build/second}

case ${1:-} in
  pack)
    mkdir -p "$pack"
    tar -C "$root" -cJf "$pack/tokens.tar.xz" tokenizer.json .build/tokens
    grep -E '^(gguf|tensorboardX)==' "$here/requirements.txt" |
      xargs "$here/../.build/venv/bin/pip" download --quiet --no-deps --only-binary=:all: -d "$pack"
    du -h "$pack"/*
    ;;
  train)
    export LADDER_ROOT=$root PYTHONPATH=/tmp/ladder-site PYTHONUNBUFFERED=1
    export XLA_PYTHON_CLIENT_PREALLOCATE=false JAX_COMPILATION_CACHE_DIR=/tmp/ladder-jax
    mkdir -p "$root"
    if [ -e "$pack/tokens.tar.xz" ] && [ ! -e "$root/tokenizer.json" ]; then tar -C "$root" -xJf "$pack/tokens.tar.xz"; fi
    python3 -m pip install -q --no-index --no-deps --no-compile --upgrade --target "$PYTHONPATH" "$pack"/*.whl
    began=$SECONDS
    for worker in $(seq "${WORKERS:-8}"); do
      timeout -s KILL "${2:-560}" python3 "$here/ladder.py" --precision "${PRECISION:-bfloat16}" >"$root/worker-$worker.log" 2>&1 &
      # The first compiles and the others find what it kept.
      [ "$worker" = 1 ] && sleep "${STAGGER:-10}"
    done
    wait || true
    tail -n 3 "$root"/worker-*.log
    python3 "$here/ladder.py" --list | tail -n 1
    echo "$((SECONDS - began)) s"
    ;;
  collect)
    LADDER_ROOT=$root PYTHONPATH=/tmp/ladder-site python3 "$here/collect.py" "$root" "$2" "${3:-0}"
    ;;
  *)
    sed -n '2,12p' "$0"
    exit 3
    ;;
esac
