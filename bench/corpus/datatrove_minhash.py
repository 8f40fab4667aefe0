"""datatrove's MinHash deduplication on a JSONL file: python datatrove_minhash.py CORPUS.jsonl FOLDER

Prints {"cpu": seconds, "kept": ids of documents}. Five-word shingles and 14 buckets of 8 hashes are datatrove's defaults.
"""
import json
import os
import resource
import sys
import tempfile

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.dedup import MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import (
    MinhashConfig,
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
)
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers.jsonl import JsonlWriter

corpus, folder = os.path.abspath(sys.argv[1]), sys.argv[2]
work = tempfile.mkdtemp(dir=folder)
config = MinhashConfig()
reader = JsonlReader(os.path.dirname(corpus), glob_pattern=os.path.basename(corpus))


def run(*pipeline, tasks=1):
    LocalPipelineExecutor(pipeline=list(pipeline), tasks=tasks, workers=1, logging_dir=tempfile.mkdtemp(dir=work)).run()


run(reader, MinhashDedupSignature(output_folder=f"{work}/signatures", config=config))
run(
    MinhashDedupBuckets(input_folder=f"{work}/signatures", output_folder=f"{work}/buckets", config=config),
    tasks=config.num_buckets,
)
run(MinhashDedupCluster(input_folder=f"{work}/buckets", output_folder=f"{work}/clusters", config=config))
run(reader, MinhashDedupFilter(input_folder=f"{work}/clusters"), JsonlWriter(f"{work}/kept", compression=None))
kept = [json.loads(line)["id"] for d, _, fs in os.walk(f"{work}/kept") for f in fs for line in open(os.path.join(d, f), "rb")]
usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print()
print(json.dumps({"cpu": sum(u.ru_utime + u.ru_stime for u in usage), "kept": kept}))
