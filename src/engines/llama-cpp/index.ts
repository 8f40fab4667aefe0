import { isCheckpoint } from '../checkpoint/claim.js'
import type { Engine } from '../engine.js'
import { mayBeGguf } from '../gguf/claim.js'

/** llama.cpp's library, called directly. */
export const llamaCpp: Engine = {
  id: 'llama-cpp',
  opens: 'a .gguf file or a checkpoint folder',
  // Quantised weights: 0. Of float16 weights single products are summed in an order that follows the batch.
  tolerance: 1e-6,
  claims: (location) => (mayBeGguf(location) || isCheckpoint(location) ? 'made for it' : null),
  async open(location, options) {
    const { openGguf } = await import('../gguf/open.js')
    const { openNativeEngine } = await import('./native-engine.js')
    return openGguf(location, options, (file) => openNativeEngine(file, options))
  },
}
