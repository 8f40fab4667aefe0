import { describe, expect, it, vi } from 'vitest'
import { AssayError } from '../../core/index.js'
import { batchTokensFor, contextFor } from './defaults.js'
import { layoutProblem, type StructValue } from './layouts.js'
import { locateLibrary } from './library.js'

function errorOf(work: () => unknown): AssayError | null {
  try {
    work()
    return null
  } catch (error) {
    return error instanceof AssayError ? error : null
  }
}

describe('where the library is', () => {
  it('is the package of this platform, with the three files in loading order', () => {
    const { gpu, files } = locateLibrary('off')
    expect(gpu).toBe('cpu')
    expect(files.map((file) => /ggml-base|ggml|llama/.exec(file.split(/[\\/]/).at(-1) ?? '')?.[0])).toEqual([
      'ggml-base',
      'ggml',
      'llama',
    ])
  })

  it.runIf(process.platform === 'linux')(
    'prints the install command of a GPU package that is not there',
    () => {
      const error = errorOf(() => locateLibrary('vulkan'))
      expect(error?.code).toBe('engines/missing-package')
      expect(error?.message).toContain('npm install @node-llama-cpp/linux-x64-vulkan@')
      expect(locateLibrary('auto').gpu).toBe('cpu')
    },
  )

  it('says when there is none for the platform', () => {
    const spy = vi.spyOn(process, 'platform', 'get').mockReturnValue('sunos')
    expect(errorOf(() => locateLibrary('off'))?.code).toBe('engines/unsupported-platform')
    spy.mockRestore()
  })
})

describe('layout of structs', () => {
  it('names the first field in which a library differs', () => {
    const nothing: StructValue = {}
    expect(layoutProblem(nothing, nothing)).toBe('llama_model_params.devices is undefined, expected null')
  })
})

describe('defaults', () => {
  it('keeps the logits of a batch within 256 MiB', () => {
    expect(batchTokensFor(49152)).toBe(512)
    expect(batchTokensFor(262144)).toBe(256)
    expect(batchTokensFor(256 * 1024 * 1024)).toBe(32)
  })

  it('takes contexts up to what the model was trained with', () => {
    const model = { name: 'm', contextLength: 1024 }
    expect(contextFor(model, undefined)).toBe(1024)
    expect(contextFor({ ...model, contextLength: 8192 }, undefined)).toBe(2048)
    expect(contextFor(model, 100)).toBe(100)
    for (const bad of [0, 7, 1025, 1.5])
      expect(errorOf(() => contextFor(model, bad))?.code).toBe('engines/bad-context')
  })
})
