import { defineErrors } from '../../core/index.js'

/** Every way in which a Hugging Face checkpoint folder can fail to become a model. Codes are permanent. */
export const raise = defineErrors('engines', {
  'bad-checkpoint-config': {
    kind: 'input',
    title: 'The checkpoint’s config.json cannot be used.',
    fix: 'Take config.json from where the weights come from, of the same revision.',
  },
  'unknown-architecture': {
    kind: 'input',
    title: 'Checkpoints of this architecture are not read.',
    fix: 'Where llama.cpp knows it, convert it with its convert_hf_to_gguf.py and give the .gguf file; else serve it with vLLM.',
  },
  'unsupported-checkpoint': {
    kind: 'input',
    title: 'The checkpoint asks for something that the engine does not compute.',
    fix: 'Its numbers would be wrong here: serve it with vLLM and give the server’s address.',
  },
  'no-weights-in-folder': {
    kind: 'input',
    title: 'The checkpoint folder holds no weights.',
    fix: 'Give the folder that holds config.json together with model.safetensors or its shards.',
  },
  'missing-shard': {
    kind: 'input',
    title: 'A file of the checkpoint’s weights is missing.',
    fix: 'Copy or download the missing files into the folder.',
  },
  'missing-tensor': {
    kind: 'input',
    title: 'The checkpoint lacks a tensor that its architecture needs.',
    fix: 'The checkpoint is incomplete, or config.json belongs to another model: compare it with where it comes from.',
  },
  'unexpected-tensor': {
    kind: 'input',
    title: 'The checkpoint holds a tensor that its architecture does not have.',
    fix: 'Leaving it out would change the numbers. If config.json belongs to the weights, the model is a variant that is not read.',
  },
  'wrong-shape': {
    kind: 'input',
    title: 'A tensor has another shape than config.json says.',
    fix: 'Take config.json and weights from the same revision.',
  },
  'bad-safetensors': {
    kind: 'input',
    title: 'The safetensors file is damaged.',
    fix: 'Download or copy the file again and compare its size and checksum with the original.',
  },
  'pickled-weights': {
    kind: 'input',
    title: 'The weights are pickled (.bin, .pt), which can run any program, and are never loaded.',
    fix: "Convert them where you trust them: python -c \"from transformers import AutoModelForCausalLM as M; M.from_pretrained('FOLDER').save_pretrained('NEW', safe_serialization=True)\", copy the tokenizer files, and give NEW.",
  },
  'quantised-checkpoint': {
    kind: 'input',
    title: 'The checkpoint is quantised, and its packed weights are not read.',
    fix: 'Give the original checkpoint (BF16, F16 or F32), a GGUF of it, or the address of a server that runs this one.',
  },
  'no-checkpoints': {
    kind: 'input',
    title: 'There is no series of checkpoints.',
    fix: 'Give the folder that holds the checkpoints, each named with its step: checkpoint-500, step1000.',
  },
  'conversion-stopped': {
    kind: 'interrupted',
    title: 'The conversion of the checkpoint was stopped.',
    fix: 'Run the same command again: it begins anew.',
  },
  'tokenizer-mismatch': {
    kind: 'input',
    title: 'The tokenizer does not belong to the weights.',
    fix: 'Take tokenizer and weights from the same checkpoint.',
  },
})
