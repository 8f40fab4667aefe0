import { isCheckpoint } from '../checkpoint/claim.js'
import type { Engine } from '../engine.js'
import { mayBeGguf } from '../gguf/claim.js'
import { GELU } from '../onnx-runtime/gelu.js'
import { INSTALL, isInstalled } from '../onnx-runtime/runtime.js'

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
    return openGguf(location, options, (file) => {
      const { kind, quantization, architecture } = file.model
      if (kind === 'checkpoint folder' && (options.gpu ?? 'off') === 'off') {
        if (GELU.has(architecture))
          options.note?.(
            `llama.cpp rounds GELU to half precision: log-probabilities of a ${architecture} may be off by .003 nats a token. ONNX Runtime computes it in single${isInstalled() ? '' : `: ${INSTALL}`}.`,
          )
        else if (quantization === 'F32' && !isInstalled())
          options.note?.(`ONNX Runtime scores such weights three times as fast on a CPU: ${INSTALL}`)
      }
      return openNativeEngine(file, options)
    })
  },
}
