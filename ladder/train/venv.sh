#!/usr/bin/env bash
# Makes ladder/.build/venv with the trainer's pinned packages; does nothing when they are there. To train the whole ladder
# takes PyTorch (steps on a CPU) and W&B (an off-line log) besides: `venv.sh requirements-train.txt`.
set -euo pipefail
cd "$(dirname "$0")"
venv=../.build/venv
requirements=${1:-requirements.txt}
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
"$venv/bin/python" -c 'import jax, tokenizers, gguf, safetensors, tensorboardX'
