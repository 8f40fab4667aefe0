#!/usr/bin/env bash
# Makes ladder/.build/venv with the trainer's pinned packages; does nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")"
venv=../.build/venv
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt
"$venv/bin/python" -c 'import jax, tokenizers, gguf, safetensors, tensorboardX'
