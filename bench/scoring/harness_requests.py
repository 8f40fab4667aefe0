"""Requests of lm-evaluation-harness 0.4.13 by its *own* task files over made-up rows: src/ingest/tasks/harness/requests.json.

    python harness_requests.py requests.json

The file holds `{task: {rows: {split: […]}, requests: {shots: […]}}}`; the requests are written anew.
Needs `pip install lm-eval==0.4.13`.
"""

import json
import logging
import os
import sys
import tempfile

import lm_eval
from lm_eval.api.task import ConfigurableTask
from lm_eval.tasks._yaml_loader import load_yaml

FEWSHOT_SEED = 1234
OWN = {
    "arc_easy": "arc/arc_easy.yaml",
    "arc_challenge": "arc/arc_challenge.yaml",
    "hellaswag": "hellaswag/hellaswag.yaml",
    "piqa": "piqa/piqa.yaml",
    "openbookqa": "openbookqa/openbookqa.yaml",
    "winogrande": "winogrande/default.yaml",
    "boolq": "super_glue/boolq/default.yaml",
    "lambada_openai": "lambada/lambada_openai.yaml",
    "sciq": "sciq/sciq.yaml",
    "copa": "super_glue/copa/default.yaml",
    "mmlu_anatomy": "mmlu/default/mmlu_anatomy.yaml",
    "mmlu_world_religions": "mmlu/default/mmlu_world_religions.yaml",
    "triviaqa": "triviaqa/default.yaml",
}


def requests(name, rows, shots):
    """[doc_id, arguments…] of every request."""
    subject = name.removeprefix("mmlu_") if name.startswith("mmlu_") else None
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for split, own in rows.items():
            files[split] = os.path.join(folder, f"{split}.json")
            with open(files[split], "w", encoding="utf-8") as file:
                for row in own:
                    if subject is None or row["subject"] == subject:
                        file.write(json.dumps(row, ensure_ascii=False) + "\n")
        config = load_yaml(os.path.join(os.path.dirname(lm_eval.__file__), "tasks", OWN[name]))
        config.update(dataset_path="json", dataset_name=None, dataset_kwargs={"data_files": files})
        task = ConfigurableTask(config=config)
        task.set_config(key="num_fewshot", value=shots)
        task.set_fewshot_seed(seed=FEWSHOT_SEED)
        task.build_all_requests(rank=0, world_size=1)
        return [[one.doc_id, *one.args] for one in task.instances]


def main(path):
    logging.disable(logging.WARNING)
    with open(path, encoding="utf-8") as file:
        tasks = json.load(file)
    for task, own in tasks.items():
        names = [name for name in OWN if name == task or name.startswith(f"{task}_") and task == "mmlu"]
        own["requests"] = {
            name: {str(shots): requests(name, own["rows"], shots) for shots in (0, 2)} for name in names
        }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(tasks, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


main(*sys.argv[1:])
