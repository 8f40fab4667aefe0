"""A GGUF as a checkpoint folder in float32: dequantise.py FILE FOLDER. Needs torch, transformers and gguf."""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

path, folder = Path(sys.argv[1]), sys.argv[2]
for kind in (AutoTokenizer, AutoModelForCausalLM):
    options = {"dtype": torch.float32} if kind is AutoModelForCausalLM else {}
    kind.from_pretrained(path.parent, gguf_file=path.name, **options).save_pretrained(folder)
