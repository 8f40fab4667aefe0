import { defineErrors } from '../../core/index.js'

/** Every way in which a model server can fail, or give numbers that cannot be believed. Codes are permanent. */
export const raise = defineErrors('engines', {
  'needs-tokenizer': {
    kind: 'input',
    title: 'A server scores token ids, and its tokenizer is not known.',
    fix: 'Say where it is: --tokenizer FOLDER (with tokenizer.json) or --tokenizer hf:org/name, of the very model that is served.',
  },
  'no-such-served-model': {
    kind: 'input',
    title: 'The server does not serve one model of this name.',
    fix: 'Name one of those that it serves behind the address: http://host:8000/v1#NAME.',
  },
  'other-server': {
    kind: 'input',
    title: 'These servers do not serve the same model.',
    fix: 'Give addresses of servers that were started with the same model and version.',
  },
  'server-denied': {
    kind: 'input',
    title: 'The server does not let you in.',
    fix: 'Set ASSAY_API_KEY to the key that it was started with.',
  },
  'server-unreachable': {
    kind: 'engine',
    title: 'The server does not answer.',
    fix: 'Check that it runs, its address and a proxy.',
    resumable: true,
  },
  'not-a-model-server': {
    kind: 'engine',
    title: 'What answers at this address is no OpenAI-compatible server.',
    fix: 'Give the address of the API, which ends in /v1, as vLLM and SGLang print it when they start.',
  },
  'server-refused': {
    kind: 'engine',
    title: 'The server refuses a request.',
    fix: 'See what it says; its log tells more. A sequence that is too long for it is made shorter by --window.',
  },
  'scores-nothing': {
    kind: 'engine',
    title: 'The server gives no log-probabilities of a prompt.',
    fix: 'Give the .gguf file that it was started with: it is scored here, without the server.',
  },
  'server-no-values': {
    kind: 'engine',
    title: 'The server gives no log-probabilities of a prompt.',
    fix: 'Use a server that answers prompt_logprobs, or echo with logprobs (vLLM, SGLang), or give the model’s file or folder.',
  },
  'server-silent-echo': {
    kind: 'engine',
    title: 'The server ignores echo without saying so: every text would score the same.',
    fix: 'llama.cpp’s server does this: give the .gguf file that it was started with, which is scored here.',
  },
  'server-value-count': {
    kind: 'engine',
    title: 'The server gives more or fewer log-probabilities than there are tokens.',
    fix: 'Switch off what cuts or pads prompts (truncate_prompt_tokens), or use another version of the server.',
  },
  'server-missing-values': {
    kind: 'engine',
    title: 'The server leaves out log-probabilities of tokens that have one.',
    fix: 'Switch prefix caching off (vLLM: --no-enable-prefix-caching), or use another version of the server.',
  },
  'server-floor': {
    kind: 'engine',
    title: 'The server gives −9999, which stands for no probability at all.',
    fix: 'Switch off whatever masks logits (allowed or banned tokens, guided decoding), or use higher precision than fp8.',
  },
  'server-impossible': {
    kind: 'engine',
    title: 'The server gives log-probabilities above 0.',
    fix: 'It may give logits: ask for log-probabilities as the model has them (vLLM: --logprobs-mode raw_logprobs).',
  },
  'server-ranks-only': {
    kind: 'engine',
    title: 'The server gives ranks of tokens and no log-probabilities.',
    fix: 'Start it so that it gives log-probabilities (vLLM: --logprobs-mode raw_logprobs).',
  },
  'server-truncates': {
    kind: 'engine',
    title: 'The server drops the beginning of prompts without saying so.',
    fix: 'Start it with a longer context, or make sequences shorter with --window.',
  },
  'server-adds-tokens': {
    kind: 'engine',
    title: 'The server puts a token in front of prompts that begin as they should.',
    fix: 'Start it so that token ids are taken as they are (no added BOS), or give --prefix-token none.',
  },
  'server-other-prompt': {
    kind: 'engine',
    title: 'The server answers about other tokens than it was asked about.',
    fix: 'Something between mixes up or changes requests (a proxy, a cache, a tokenizer): ask the server itself.',
  },
  'server-stale': {
    kind: 'engine',
    title: 'The server gives one prompt’s values for another.',
    fix: 'Switch prefix caching off (vLLM: --no-enable-prefix-caching, SGLang: --disable-radix-cache), or any cache in front.',
  },
  'server-unstable': {
    kind: 'engine',
    title: 'The server scores the same tokens differently in other company.',
    fix: 'Switch prefix caching off; if it stays, use float32 or bfloat16 weights without quantised caches.',
  },
  'server-misplaced': {
    kind: 'engine',
    title: 'The server’s values do not belong to the tokens that they stand beside.',
    fix: 'They may be shifted by one, or of a warmed or cut distribution (vLLM: --logprobs-mode raw_logprobs).',
  },
  'server-vocabulary': {
    kind: 'engine',
    title: 'The tokenizer is not that of the server’s model.',
    fix: 'Give the tokenizer of the very model that is served: its folder, or hf:org/name.',
  },
})
