import type { Engine } from '../engine.js'
import { mayBeGguf } from '../gguf/claim.js'

/** The same library through node-llama-cpp's documented interface: slower, and no struct of it is ours to know. */
export const llamaCppPublic: Engine = {
  id: 'llama-cpp-public',
  opens: 'a .gguf file, where the library is not one that llama-cpp knows',
  tolerance: 1e-3,
  claims: (location) => (mayBeGguf(location) ? 'stands in' : null),
  async open(location, options) {
    const { openGguf } = await import('../gguf/open.js')
    const { openPublicEngine } = await import('./public-engine.js')
    return openGguf(location, options, ({ header, model }) => openPublicEngine(header, model, options))
  },
}
