"""vLLM's own `vllm bench serve` on given token ids: python vllm_bench.py URL MODEL PROMPTS.json RESULT.json [options of it]

The prompts are handed over in place of its datasets; everything else is its own.
"""

import json
import sys

from vllm.benchmarks import serve
from vllm.benchmarks.datasets import SampleRequest
from vllm.utils.argparse_utils import FlexibleArgumentParser

url, model, prompts, result, *options = sys.argv[1:]
with open(prompts) as file:
    requests = [SampleRequest(prompt=ids, prompt_len=len(ids), expected_output_len=1) for ids in json.load(file)]
serve.get_samples = lambda args, tokenizer: requests

parser = FlexibleArgumentParser()
serve.add_cli_args(parser)
args = parser.parse_args(
    ["--backend", "openai", "--base-url", url, "--endpoint", "/v1/completions", "--model", model, "--skip-tokenizer-init"]
    # A stream has the prompt's log-probabilities where the prompt is echoed.
    + ["--logprobs", "1", "--extra-body", '{"echo": true}', "--num-prompts", str(len(requests)), *options]
)
measured = serve.main(args)
with open(result, "w") as file:
    json.dump({"seconds": measured["duration"], "completed": measured["completed"]}, file)
