"""What lm-evaluation-harness 0.4.13 asks of a task's rows, and what `transformers` in float32 gives for it.

    python parity.py OUT.jsonl MODEL LIMIT SHOTS SCORE TASK.yaml…

Run where the rows lie. Of each request one line: task, doc_id, choice, doc_hash, context, continuation, the tokens of both
(before they are cut to the model's context) and, where SCORE is not `texts`, the log-likelihood and whether it was the
greedy one: by the harness's own call of the model (`harness`), or by the same model on the harness's tokens with a context that
several choices share evaluated once (`shared`: at five shots a quarter of the time).
Needs `pip install lm-eval==0.4.13 transformers torch accelerate`; `parity.ts` calls it.
"""

import hashlib
import json
import logging
import sys
from collections import defaultdict

import torch
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


@torch.inference_mode()
def score_shared(model, pairs):
    """(log-likelihood, greedy) of each (context, continuation) in tokens; a context is evaluated once for its continuations."""
    groups = defaultdict(list)
    for at, (context, _) in enumerate(pairs):
        groups[tuple(context)].append(at)
    scores = [None] * len(pairs)
    for context, own in groups.items():
        behind = [pairs[at][1] for at in own]
        longest = max(len(one) for one in behind) - 1
        begun = model(torch.tensor([context]), use_cache=True, logits_to_keep=1)
        logits = begun.logits.expand(len(own), -1, -1)
        if longest > 0:
            fed = [one[:-1] + [0] * (longest + 1 - len(one)) for one in behind]
            cache = begun.past_key_values
            cache.batch_repeat_interleave(len(own))
            more = model(torch.tensor(fed), past_key_values=cache, use_cache=True)
            logits = torch.cat([logits, more.logits], dim=1)
        values = torch.log_softmax(logits.float(), dim=-1)
        for row, at in enumerate(own):
            tokens = torch.tensor(behind[row])
            told = values[row, : len(tokens)]
            chosen = told.gather(1, tokens[:, None]).sum().item()
            scores[at] = (chosen, bool((told.argmax(-1) == tokens).all()))
    return scores


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
            if score == "shared":
                given = score_shared(lm.model, [pairs[at] for at in fits])
            else:
                asked = [instances[at] for at in fits] if score == "harness" else []
                given = lm.loglikelihood(asked, disable_tqdm=True)
            scores = dict(zip(fits, given))
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
