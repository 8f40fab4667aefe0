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
      /** Left out: the checkpoint that the repository is. */
      readonly file?: string
      readonly revision: string
    }

/** Name of the shipped model, where a reference is expected. */
export const SHIPPED_MODEL = 'assay-ladder'

/** The branch of a repository where none is named. */
export const DEFAULT_REVISION = 'main'

const NAME = /^[\w.-]+$/

/** Whether a reference is a path, which is relative to the file that holds it. */
export function isPath(text: string): boolean {
  return text.trim() !== '' && text !== SHIPPED_MODEL && !/^(hf:|ollama:|https?:\/\/)/i.test(text)
}

/**
 * `assay-ladder`, `hf:org/repo@revision`, `hf:org/repo/folder/file.gguf@revision`, `http(s)://…`, or a path.
 *
 * @throws {AssayError} `engines/bad-reference`, `ollama`
 */
export function parseReference(text: string): ModelReference {
  if (text.trim() === '') throw raise('bad-reference', 'found an empty name')
  if (text === SHIPPED_MODEL) return { kind: 'shipped' }
  if (isPath(text)) return { kind: 'path', path: text }
  if (/^ollama:/i.test(text)) throw raise('ollama', `found ${JSON.stringify(text)}`)
  return /^http/i.test(text) ? parseAddress(text) : parseHuggingFace(text)
}

/** Addresses of servers of one model, which stand after one another with commas between. */
export function splitAddresses(text: string): string[] {
  return text.split(/,(?=https?:)/i)
}

/**
 * A model of the Hub at a branch, tag or commit.
 *
 * @throws {AssayError} `engines/bad-reference` for a model of another place, or one that names a revision itself
 */
export function atRevision(reference: string, revision: string): string {
  const parsed = parseReference(reference)
  if (parsed.kind !== 'huggingFace' || reference.includes('@'))
    throw raise(
      'bad-reference',
      `a revision (${revision}) is of hf:org/repo, found ${JSON.stringify(reference)}`,
    )
  return `${reference}@${revision}`
}

/** A model's file on the Hub has a name of its own here: its page or download, as a reference. */
export function hubFile(url: string): string | undefined {
  const file =
    /^https?:\/\/huggingface\.co\/([\w.-]+\/[\w.-]+)\/(?:resolve|blob)\/([^/?]+)\/([^?#]+\.gguf)/i.exec(url)
  return file === null ? undefined : `hf:${file[1]}/${file[3]}@${file[2]}`
}

function holdsSecrets(address: string): boolean {
  const { username, password, search } = new URL(address)
  return username !== '' || password !== '' || search !== ''
}

function parseAddress(text: string): ModelReference {
  // What cannot be read as an address may hold a secret anywhere.
  if (!splitAddresses(text).every((one) => URL.canParse(one)))
    throw raise('bad-reference', `${/^https?:/i.exec(text)![0]}//… is no address`)
  if (hubFile(text) === undefined && splitAddresses(text).some(holdsSecrets))
    throw raise('credentials-in-address', 'found a user name, a password or a query', {
      // Encoded, so that no blank in a password ends the address.
      path: splitAddresses(text)
        .map((one) => new URL(one).href)
        .join(','),
    })
  return { kind: 'server', url: text }
}

function parseHuggingFace(text: string): ModelReference {
  const at = text.lastIndexOf('@')
  const parts = text.slice('hf:'.length, at < 0 ? undefined : at).split('/')
  const revision = at < 0 ? DEFAULT_REVISION : text.slice(at + 1)
  const [organisation = '', name = '', ...file] = parts
  const clean = (part: string) => NAME.test(part) && part !== '.' && part !== '..'
  if (!clean(organisation) || !clean(name) || !file.every(clean))
    throw raise(
      'bad-reference',
      `found ${JSON.stringify(text)}, expected hf:org/repo or hf:org/repo/file.gguf`,
    )
  if (!revision.split('/').every(clean))
    throw raise('bad-reference', `the revision ${JSON.stringify(revision)} is not a name`)
  const repository = `${organisation}/${name}`
  return file.length === 0
    ? { kind: 'huggingFace', repository, revision }
    : { kind: 'huggingFace', repository, file: file.join('/'), revision }
}
