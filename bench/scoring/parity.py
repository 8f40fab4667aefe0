"""What lm-evaluation-harness 0.4.13 asks of a task's rows, and what `transformers` in float32 gives for it.

    python parity.py OUT.jsonl MODEL LIMIT SHOTS SCORE TASK.yaml…

Run where the rows lie. Of each request one line: task, doc_id, choice, doc_hash, context, continuation, the tokens of both
(before they are cut to the model's context) and, where SCORE is 1, the log-likelihood and whether it was the greedy one.
Needs `pip install lm-eval==0.4.13 transformers torch accelerate`; `parity.ts` calls it.
"""

import hashlib
import json
import logging
import sys

from lm_eval.api.task import ConfigurableTask
from lm_eval.models.huggingface import HFLM
from lm_eval.tasks._yaml_loader import load_yaml
from lm_eval.utils import handle_non_serializable

FEWSHOT_SEED = 1234


def build(path, shots, limit):
    """A task as `simple_evaluate` sets it up, with its requests."""
    task = ConfigurableTask(config=load_yaml(path))
    task.set_config(key="num_fewshot", value=shots)
    task.set_fewshot_seed(seed=FEWSHOT_SEED)
    task.build_all_requests(limit=limit, rank=0, world_size=1)
    return task


def doc_hash(doc):
    text = json.dumps(doc, indent=2, default=handle_non_serializable, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def main(out, model, limit, shots, score, *paths):
    logging.disable(logging.WARNING)
    lm = HFLM(pretrained=model, device="cpu", dtype="float32", batch_size=8)
    with open(out, "w", encoding="utf-8") as file:
        for path in paths:
            task = build(path, int(shots), int(limit))
            instances = task.instances
            pairs = [lm._encode_pair(*one.args) for one in instances]
            # The harness stops where a continuation alone is longer than the context.
            fits = [at for at, (_, behind) in enumerate(pairs) if len(behind) <= lm.max_length]
            asked = [instances[at] for at in fits] if score == "1" else []
            scores = dict(zip(fits, lm.loglikelihood(asked, disable_tqdm=True)))
            for at, one in enumerate(instances):
                context, continuation = one.args
                row = {
                    "task": task.config.task,
                    "doc_id": one.doc_id,
                    "choice": one.idx,
                    "doc_hash": doc_hash(one.doc),
                    "context": context,
                    "continuation": continuation,
                    "tokens": pairs[at],
                }
                if at in scores:
                    row["logprob"], row["greedy"] = scores[at]
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


main(*sys.argv[1:])
