"""One task by lm-evaluation-harness: peer.py TASKS NAME FOLDER DTYPE BATCH SHOTS LIMIT OUT

Writes OUT/samples.json: the samples by doc_id, with seconds by the clock and of processors, loading left out.
Needs lm_eval 0.4.13, torch and transformers.
"""

import json
import os
import sys
import time
from pathlib import Path

import lm_eval
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks import TaskManager

tasks, name, folder, dtype, batch, shots, limit, out = sys.argv[1:]
# The definitions name their files relative to themselves; `datasets` looks from the working folder.
os.chdir(tasks)
model = HFLM(pretrained=folder, dtype=dtype, device="cpu", batch_size=int(batch))
manager = TaskManager(include_path=tasks, include_defaults=False)
start, cpu = time.perf_counter(), time.process_time()
results = lm_eval.simple_evaluate(
    model=model, tasks=[name], task_manager=manager, num_fewshot=int(shots), limit=int(limit), bootstrap_iters=0
)
wall, processor = time.perf_counter() - start, time.process_time() - cpu
samples = sorted(results["samples"][name], key=lambda s: s["doc_id"])
for sample in samples:
    sample["arguments"] = {
        f"gen_args_{i}": {f"arg_{j}": part for j, part in enumerate(pair)} for i, pair in enumerate(sample["arguments"])
    }
Path(out, "samples.json").write_text(json.dumps({"samples": samples, "wall": wall, "cpu": processor}, default=str))
