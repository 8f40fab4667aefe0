import { isCheckpoint } from '../checkpoint/claim.js'
import type { Engine } from '../engine.js'
import { isInstalled } from './runtime.js'

/** ONNX Runtime on a CPU, where its package is installed: float checkpoints in single precision, as transformers computes them. */
export const onnxRuntime: Engine = {
  id: 'onnx-runtime',
  opens: 'a checkpoint folder, where the package onnxruntime-node is installed',
  tolerance: 1e-4,
  claims: (location) => (isCheckpoint(location) && isInstalled() ? 'made for it' : null),
  async open(location, options) {
    const { openGguf } = await import('../gguf/open.js')
    const { openOnnx } = await import('./open.js')
    return openGguf(location, options, (file) => openOnnx(file, options))
  },
}
