#!/usr/bin/env bash
# Compiles llama.cpp's own perplexity tool against the library that the engine uses, so that both run the same
# kernels: its source is inside the node-llama-cpp package. Needs git and g++; half a minute. Linux x64.
# Prints the program's path, for bench/scoring/run.ts --perplexity.
#   bench/scoring/perplexity.sh [FOLDER]
set -euo pipefail
folder=${1:-${TMPDIR:-/tmp}/assay-llama.cpp}
modules=$(cd "$(dirname "$0")/../.." && pwd)/node_modules
libraries=$modules/@node-llama-cpp/linux-x64/bins/linux-x64
source=$folder/source
[ -d "$source" ] || git clone --quiet "$modules/node-llama-cpp/llama/gitRelease.bundle" "$source"
g++ -O1 -std=c++17 "$source"/tools/perplexity/{main,perplexity}.cpp \
  -I"$source/common" -I"$source/include" -I"$source/ggml/include" -I"$source/vendor" \
  "$libraries"/libllama-common.so "$libraries"/libllama.v*.so "$libraries"/libggml.v*.so "$libraries"/libggml-base.so \
  -Wl,-rpath,"$libraries" -lpthread -o "$folder/llama-perplexity"
# The program looks for the processor-specific kernels in its own folder.
ln -sf "$libraries"/libggml-cpu-*.so "$folder/"
echo "$folder/llama-perplexity"
