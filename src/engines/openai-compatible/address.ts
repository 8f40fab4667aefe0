import { raise } from '../errors.js'
import { splitAddresses } from '../resolve/reference.js'
import { isPrivate } from '../resolve/remote.js'

/** Servers that answer for the same model. */
export interface ServerAddress {
  /** Each without `/v1` and without a slash at its end. */
  readonly roots: readonly string[]
  /** The model to ask for, where the server has several. */
  readonly model?: string
}

/**
 * `http://host:8000/v1`, several after commas, each with `#model` where a server has several models.
 */
export function parseServerAddress(text: string): ServerAddress {
  let model: string | undefined
  const roots = splitAddresses(text).map((part) => {
    const url = new URL(part)
    if (url.hash !== '') model = decodeURIComponent(url.hash.slice(1))
    return `${url.origin}${url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '')}`
  })
  return { roots, ...(model !== undefined && { model }) }
}

/**
 * `$ASSAY_API_KEY` as a header for these servers; without the variable, none.
 *
 * @throws {AssayError} `engines/bad-environment`, `token-in-clear`; the key is never shown
 */
export function authorizationFor(
  roots: readonly string[],
  environment: NodeJS.ProcessEnv,
): Record<string, string> {
  const key = environment.ASSAY_API_KEY?.trim()
  if (key === undefined || key === '') return {}
  if (!/^[\x21-\x7e]+$/.test(key))
    throw raise('bad-environment', 'ASSAY_API_KEY holds characters that no key has')
  const open = roots.find((root) => !isPrivate(root))
  if (open !== undefined)
    throw raise('token-in-clear', `ASSAY_API_KEY would go to ${open}, which is not encrypted`)
  return { authorization: `Bearer ${key}` }
}
