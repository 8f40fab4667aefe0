import { defineErrors } from '../core/index.js'

/** Every way in which a model file, its download or an engine can fail. Codes are permanent. */
export const raise = defineErrors('engines', {
  'no-such-file': {
    kind: 'input',
    title: 'The model file does not exist.',
    fix: 'Check the path, or give a model as hf:org/repo/file.gguf.',
  },
  'no-engine': {
    kind: 'input',
    title: 'No engine opens this.',
    fix: 'Give a .gguf file, a checkpoint folder (config.json and .safetensors), or hf:org/repo/file.gguf.',
  },
  'no-such-split': {
    kind: 'input',
    title: 'A dataset of the Hub has no such rows.',
    fix: 'Correct dataset_path, dataset_name or the split in the task, or pass its rows as a file (--data FILE, or hf:org/name/file.parquet).',
  },
  'whole-repository': {
    kind: 'input',
    title: 'This repository is no checkpoint.',
    fix: 'Name one of its .gguf files: hf:org/repo/file.gguf, or the repository with config.json and .safetensors that they were made from.',
  },
  'credentials-in-address': {
    kind: 'input',
    title: 'The address holds credentials, or a query that may.',
    fix: 'Give the plain address; the key goes into the environment variable ASSAY_API_KEY.',
  },
  server: {
    kind: 'input',
    title: 'This is the address of a file on the Hub, not of a server.',
    fix: 'Give it as hf:org/repo/file.gguf, which is downloaded once and checked.',
  },
  ollama: {
    kind: 'input',
    title: 'Ollama’s names are not looked up.',
    fix: 'Give its file: `ollama show --modelfile NAME` prints the path behind FROM, which is a GGUF.',
  },
  'lora-adapter': {
    kind: 'input',
    title: 'This is a LoRA adapter, not a model.',
    fix: 'Merge it into its base model first (llama-export-lora, or PEFT’s merge_and_unload), then give the merged model.',
  },
  'vision-projector': {
    kind: 'input',
    title: 'This is the vision part of a multimodal model (mmproj).',
    fix: 'Give the language model’s .gguf file, which lies beside it.',
  },
  'encoder-only': {
    kind: 'input',
    title: 'The model does not predict text from left to right.',
    fix: 'An encoder (BERT and the like, embedding models) has no log-probability of a next token: give a decoder.',
  },
  'no-weights': {
    kind: 'input',
    title: 'The file holds a vocabulary and no weights.',
    fix: 'Give the model’s own .gguf file; for its tokenizer alone use `assay tokenizer` with a tokenizer.json.',
  },
  'no-such-token': {
    kind: 'input',
    title: 'There is no such token to put in front.',
    fix: 'Give --prefix-token auto, none, or the id of a token of this model’s vocabulary.',
  },
  'unreadable-file': {
    kind: 'input',
    title: 'The model file cannot be read.',
    fix: 'Check that it is a regular file and that you may read it.',
  },
  'not-gguf': {
    kind: 'input',
    title: 'The file is not a GGUF model.',
    fix: 'Give a .gguf file; llama.cpp’s convert_hf_to_gguf.py makes one from a Hugging Face folder.',
  },
  'lfs-pointer': {
    kind: 'input',
    title: 'This is a Git LFS pointer, not the file that it stands for.',
    fix: 'Run `git lfs install` and `git lfs pull` in the clone, or give the model as hf:org/name.',
  },
  'gguf-version': {
    kind: 'input',
    title: 'The GGUF version is not supported.',
    fix: 'Versions 2 and 3, little-endian, are read: convert the model again with a current llama.cpp.',
  },
  'gguf-truncated': {
    kind: 'input',
    title: 'The GGUF file is cut short.',
    fix: 'Download or copy the file again and compare its size with the original.',
  },
  'gguf-damaged': {
    kind: 'input',
    title: 'The GGUF header contradicts itself.',
    fix: 'Download or convert the file again; a checksum of the original tells whether it was damaged on the way.',
  },
  'unsupported-model': {
    kind: 'input',
    title: 'The model cannot be loaded.',
    fix: 'Use a text-generation model of an architecture that llama.cpp knows, in a current GGUF.',
  },
  'context-too-small': {
    kind: 'input',
    title: 'The text is longer than the context.',
    fix: 'Open the engine with a larger context, or cut the text into windows.',
  },
  'bad-context': {
    kind: 'input',
    title: 'The context length cannot be used.',
    fix: 'Ask for at least 8 tokens and at most what the model was trained with.',
  },
  'bad-request': {
    kind: 'engine',
    title: 'The engine was asked for something it cannot score.',
    fix: 'Every token must be in the vocabulary and `from` between 1 and the number of tokens.',
  },
  'missing-package': {
    kind: 'engine',
    title: 'The package with the inference library is not installed.',
    fix: 'Install it with the command above, in the folder where this tool is installed.',
  },
  'unsupported-platform': {
    kind: 'engine',
    title: 'There is no inference library for this platform.',
    fix: 'Linux x64 and arm64 (glibc), macOS x64 and arm64, and Windows x64 and arm64 are supported.',
  },
  'library-failed': {
    kind: 'engine',
    title: 'The inference library cannot be used.',
    fix: 'Reinstall the packages (npm install); on Linux, glibc 2.34 and libstdc++ are needed.',
  },
  'out-of-memory': {
    kind: 'engine',
    title: 'There is not enough memory for this model and context.',
    fix: 'Ask for a smaller context, use a smaller quantisation, or a machine with more memory.',
  },
  'decode-failed': {
    kind: 'engine',
    title: 'The inference library failed on a batch.',
    fix: 'Run it again; if it happens again on this model, report it with the text above.',
  },
  'non-finite-logits': {
    kind: 'engine',
    title: 'The model answered with numbers that are not finite.',
    fix: 'The weights or the quantisation are broken: check the file’s checksum or use another quantisation.',
  },
  closed: {
    kind: 'interrupted',
    title: 'The engine was closed while it worked.',
    fix: 'Run the same command again.',
    resumable: true,
  },
  'bad-environment': {
    kind: 'input',
    title: 'An environment variable cannot be used.',
    fix: 'Set HF_ENDPOINT to a plain https URL, HF_TOKEN and ASSAY_API_KEY to the token alone, on one line.',
  },
  'bad-reference': {
    kind: 'input',
    title: 'This is no way to name a model.',
    fix: 'Give a path to a .gguf file, or hf:org/repo/file.gguf, optionally with @revision.',
  },
  'no-reference-model': {
    kind: 'input',
    title: 'The reference model is not there.',
    fix: 'Reinstall this package, or give a model of your own: a path or hf:org/repo/file.gguf.',
  },
  offline: {
    kind: 'input',
    title: 'What is asked for is not in the cache, and --offline never touches the network.',
    fix: 'Run once without --offline, or download the file yourself and give its path.',
  },
  'download-denied': {
    kind: 'input',
    title: 'The server does not let you have this model.',
    fix: 'Accept the model’s licence on its page, and set HF_TOKEN to a token that may read it.',
  },
  'no-such-model': {
    kind: 'input',
    title: 'The server does not have this file.',
    fix: 'Check organisation, repository, file name and revision on the model’s page.',
  },
  'server-unavailable': {
    kind: 'engine',
    title: 'The server cannot answer now.',
    fix: 'Try again later: what was downloaded is kept and the download goes on from there.',
  },
  'network-unreachable': {
    kind: 'engine',
    title: 'The server cannot be reached.',
    fix: 'Check the network, a proxy, or HF_ENDPOINT; what was downloaded is kept.',
  },
  'token-in-clear': {
    kind: 'input',
    title: 'A token is never sent unencrypted.',
    fix: 'Use an https address (of the Hub: HF_ENDPOINT), or unset the variable; a tunnel makes a server one of this machine.',
  },
  'bad-redirect': {
    kind: 'engine',
    title: 'The server sent the download somewhere it cannot go.',
    fix: 'Check HF_ENDPOINT; a mirror or a proxy may be misconfigured.',
  },
  'short-download': {
    kind: 'engine',
    title: 'The download ended too early.',
    fix: 'Run the same command again: it goes on where it stopped.',
  },
  'checksum-mismatch': {
    kind: 'engine',
    title: 'The downloaded file is not what the server announced.',
    fix: 'It was deleted: run the command again; if it happens again, something between you and the server changes files.',
  },
  'disk-full': {
    kind: 'engine',
    title: 'There is not enough room on the disk.',
    fix: 'Free some, or set ASSAY_CACHE to a folder on a larger disk; what was downloaded is kept.',
  },
  'cache-unwritable': {
    kind: 'engine',
    title: 'The cache folder cannot be written.',
    fix: 'Set ASSAY_CACHE to a folder that you may write to.',
  },
  'download-running': {
    kind: 'engine',
    title: 'Another process downloads this file.',
    fix: 'Wait for it, then run the command again.',
  },
  'download-stopped': {
    kind: 'interrupted',
    title: 'The download was stopped.',
    fix: 'What was downloaded is kept: run the same command again to go on.',
  },
  'not-recorded': {
    kind: 'engine',
    title: 'The recording has no answer to this question.',
    fix: 'Record it again with the same texts and the same version.',
  },
  'bad-recording': {
    kind: 'input',
    title: 'The recording cannot be read.',
    fix: 'Make it again with record(engine).',
  },
})
