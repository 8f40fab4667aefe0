#!/usr/bin/env bash
# Makes ladder/.build/venv with the trainer's pinned packages; does nothing when they are there. The second edition's
# trainer needs PyTorch (steps on a CPU) and W&B (an off-line log) besides.
set -euo pipefail
cd "$(dirname "$0")"
venv=../.build/venv
requirements=requirements.txt
[ "${LADDER_EDITION:-}" = 2 ] && requirements=requirements-second.txt
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
"$venv/bin/python" -c 'import jax, tokenizers, gguf, safetensors, tensorboardX'
