import { describe, expect, it } from 'vitest'
import { AssayError } from '../../core/index.js'
import { atRevision, parseReference } from './reference.js'

describe('names of models', () => {
  it.each([
    ['model.gguf', { kind: 'path', path: 'model.gguf' }],
    ['assay-ladder', { kind: 'shipped' }],
    ['hf:o/r/m.gguf', { kind: 'huggingFace', repository: 'o/r', file: 'm.gguf', revision: 'main' }],
    ['http://localhost:8000/v1', { kind: 'server', url: 'http://localhost:8000/v1' }],
    ['hf:o/r@step3000', { kind: 'huggingFace', repository: 'o/r', revision: 'step3000' }],
    ['hf:o/r/q4/m.gguf@v1', { kind: 'huggingFace', repository: 'o/r', file: 'q4/m.gguf', revision: 'v1' }],
  ])('%s', (text, expected) => expect(parseReference(text)).toEqual(expected))

  it.each([
    '',
    'hf:',
    'hf:o/../m.gguf',
    'hf:o/r/../../m.gguf',
    'hf:o/r/m.gguf@',
    'hf:o/r/m.gguf@..',
    'hf:o/r/m gguf',
  ])('refuses %j', (text) => expect(() => parseReference(text)).toThrow(AssayError))
})

describe('a revision', () => {
  it('is of a model on the Hub that names none itself', () => {
    expect(atRevision('hf:org/name', 'step3000')).toBe('hf:org/name@step3000')
    for (const other of ['model.gguf', 'assay-ladder', 'hf:org/name@main', 'http://localhost:8000/v1'])
      expect(() => atRevision(other, 'step3000')).toThrow(AssayError)
  })
})
