#!/usr/bin/env bash
# Compiles llama.cpp's own perplexity tool from the source inside node-llama-cpp, into a folder outside the repository.
# Prints the program's path, for bench/scoring/run.ts --perplexity. Needs git, cmake and a C++ compiler; minutes.
#   bench/scoring/perplexity.sh [FOLDER]
set -euo pipefail
folder=${1:-${TMPDIR:-/tmp}/assay-llama.cpp}
bundle=$(cd "$(dirname "$0")/../.." && pwd)/node_modules/node-llama-cpp/llama/gitRelease.bundle
[ -d "$folder/source" ] || git clone --quiet "$bundle" "$folder/source"
cmake -S "$folder/source" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release -DLLAMA_CURL=OFF -DGGML_OPENMP=OFF \
  -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF -DLLAMA_BUILD_SERVER=OFF > "$folder/cmake.log"
cmake --build "$folder/build" --target llama-perplexity -j "$(nproc)" > "$folder/make.log"
echo "$folder/build/bin/llama-perplexity"
