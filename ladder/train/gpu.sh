#!/usr/bin/env bash
# Trains the ladder on one accelerator, in minutes, with several trainers beside each other: models this small
# leave most of it idle. Steps are the CPU's; all is float32 with the products of training in TF32 (ten bits of
# mantissa, bfloat16 has seven).
#
#   ladder/train/gpu.sh pack                  where the text is: what training needs, into ladder/.build/gpu
#   ladder/train/gpu.sh train SECONDS [ID…]   where the accelerator is: trains what is not finished, into LADDER_ROOT
#   ladder/train/gpu.sh ids SIZE…             the runs of these sizes, longest first, for `train`
#   ladder/train/gpu.sh collect FOLDER [N]    the N-th four parts of logs, readings and models, 15 MB each
#
# There python3 must have jax (with its device), numpy, tokenizers, safetensors and protobuf; the two that are rarely
# there, gguf and tensorboardX, travel in the pack.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
pack=$here/../.build/gpu
root=${LADDER_ROOT:-$here/..}

case ${1:-} in
  pack)
    mkdir -p "$pack"
    tar -C "$root" -cJf "$pack/tokens.tar.xz" train/tokenizer.json .build/tokens
    grep -E '^(gguf|tensorboardX)==' "$here/requirements.txt" |
      xargs "$here/../.build/venv/bin/pip" download --quiet --no-deps --only-binary=:all: -d "$pack"
    du -h "$pack"/*
    ;;
  train)
    export LADDER_ROOT=$root PYTHONPATH=/tmp/ladder-site PYTHONUNBUFFERED=1
    export XLA_PYTHON_CLIENT_PREALLOCATE=false JAX_COMPILATION_CACHE_DIR=/tmp/ladder-jax
    export JAX_DEFAULT_MATMUL_PRECISION=tensorfloat32
    mkdir -p "$root"
    if [ -e "$pack/tokens.tar.xz" ] && [ ! -e "$root/.build/tokens" ]; then tar -C "$root" -xJf "$pack/tokens.tar.xz"; fi
    python3 -m pip install -q --no-index --no-deps --no-compile --upgrade --target "$PYTHONPATH" "$pack"/*.whl
    seconds=${2:-560}
    # Kernels of several processes run beside each other only where the driver's multi-process service can be had.
    export CUDA_MPS_PIPE_DIRECTORY=/tmp/ladder-mps CUDA_MPS_LOG_DIRECTORY=/tmp/ladder-mps-log
    mkdir -p "$CUDA_MPS_PIPE_DIRECTORY" "$CUDA_MPS_LOG_DIRECTORY"
    export PATH=$PATH:/usr/local/nvidia/bin:/usr/local/cuda/bin
    probe='import jax; print(jax.devices(), jax.numpy.ones(8).sum(), flush=True)'
    pgrep -f mps-control >/dev/null || "$(command -v nvidia-cuda-mps-control || echo false)" -d || true
    if ! timeout 40 python3 -c "$probe"; then
      echo quit | timeout 5 nvidia-cuda-mps-control >/dev/null 2>&1 || true
      unset CUDA_MPS_PIPE_DIRECTORY CUDA_MPS_LOG_DIRECTORY
      echo "without the multi-process service"
    fi
    began=$SECONDS
    for worker in $(seq "${WORKERS:-10}"); do
      timeout -s KILL "$seconds" python3 "$here/ladder.py" ${3:+--only "${@:3}"} >>"$root/worker-$worker.log" 2>&1 &
      # The first compiles and the others find what it kept.
      [ "$worker" = 1 ] && sleep "${STAGGER:-0}"
    done
    wait || true
    tail -n 3 "$root"/worker-*.log
    python3 "$here/ladder.py" --list | grep -c ' done$' || true
    echo "$((SECONDS - began)) s"
    ;;
  ids)
    python3 - "$here" "${@:2}" <<'PYTHON'
import sys
sys.path.insert(0, sys.argv[1])
from ladder import read_plan
sizes, runs = read_plan()
wanted = [run for run in runs if run.size in sys.argv[2:]]
print(*(run.id for run in sorted(wanted, key=lambda run: -run.steps)))
PYTHON
    ;;
  collect)
    LADDER_ROOT=$root PYTHONPATH=/tmp/ladder-site python3 "$here/collect.py" "$root" "$2" "${3:-0}"
    ;;
  *)
    sed -n '2,12p' "$0"
    exit 3
    ;;
esac
