import type { Architecture } from '../architecture.js'
import { gemma2 } from './gemma2.js'
import { gemma3 } from './gemma3.js'
import { gptNeox } from './gpt-neox.js'
import { gpt2 } from './gpt2.js'
import { llama } from './llama.js'
import { mixtral } from './mixtral.js'
import { olmo2 } from './olmo2.js'
import { olmoe } from './olmoe.js'
import { phi3 } from './phi3.js'
import { qwen2 } from './qwen2.js'
import { qwen3 } from './qwen3.js'
import { stablelm } from './stablelm.js'

/** Every architecture whose checkpoints are read. One is a file and a line here. */
export const ARCHITECTURES: readonly Architecture[] = [
  llama,
  mixtral,
  qwen2,
  qwen3,
  gemma2,
  gemma3,
  gptNeox,
  gpt2,
  olmo2,
  olmoe,
  phi3,
  stablelm,
]
