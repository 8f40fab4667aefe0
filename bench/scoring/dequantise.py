"""A model's weights in float32 as a folder that `transformers` and Assay both read.

    python dequantise.py FOLDER-OR-FILE.gguf OUT

Needs `pip install transformers torch accelerate gguf` (gguf for a GGUF alone). Of a folder the tokenizer's files are copied as they are.
"""

import os
import shutil
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")


def main(source, out):
    if source.endswith(".gguf"):
        folder, name = os.path.split(os.path.abspath(source))
        read = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
        # What was read from a GGUF counts as quantised and refuses to be saved; the weights are float32 already.
        config = AutoConfig.from_pretrained(folder, gguf_file=name)
        model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
        model.load_state_dict(read.state_dict())
        AutoTokenizer.from_pretrained(folder, gguf_file=name).save_pretrained(out)
    else:
        model = AutoModelForCausalLM.from_pretrained(source, dtype=torch.float32)
        os.makedirs(out, exist_ok=True)
        for name in TOKENIZER:
            if os.path.exists(os.path.join(source, name)):
                shutil.copy(os.path.join(source, name), out)
    model.save_pretrained(out)


main(*sys.argv[1:])
