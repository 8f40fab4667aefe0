import { raise } from '../errors.js'

/** A model by name: where it is, or where to get it. */
export type ModelReference =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string }
  /** The model that ships with this package. */
  | { readonly kind: 'shipped' }
  | {
      readonly kind: 'huggingFace'
      readonly repository: string
      readonly file: string
      readonly revision: string
    }

/** Name of the shipped model, where a reference is expected. */
export const SHIPPED_MODEL = 'assay-ladder'

const NAME = /^[\w.-]+$/

/**
 * `assay-ladder`, `hf:org/repo/folder/file.gguf@revision`, `http(s)://…`, or a path.
 *
 * @throws {AssayError} `engines/bad-reference`
 */
export function parseReference(text: string): ModelReference {
  if (text === '') throw raise('bad-reference', 'found an empty name')
  if (text === SHIPPED_MODEL) return { kind: 'shipped' }
  if (/^https?:\/\//i.test(text)) return { kind: 'server', url: text }
  return text.startsWith('hf:') ? parseHuggingFace(text) : { kind: 'path', path: text }
}

function parseHuggingFace(text: string): ModelReference {
  const at = text.lastIndexOf('@')
  const parts = text.slice('hf:'.length, at < 0 ? undefined : at).split('/')
  const revision = at < 0 ? 'main' : text.slice(at + 1)
  const [organisation = '', name = '', ...file] = parts
  const clean = (part: string) => NAME.test(part) && part !== '.' && part !== '..'
  if (!clean(organisation) || !clean(name) || file.length === 0 || !file.every(clean))
    throw raise('bad-reference', `found ${JSON.stringify(text)}, expected hf:org/repo/file.gguf`)
  if (!revision.split('/').every(clean))
    throw raise('bad-reference', `the revision ${JSON.stringify(revision)} is not a name`)
  return { kind: 'huggingFace', repository: `${organisation}/${name}`, file: file.join('/'), revision }
}
