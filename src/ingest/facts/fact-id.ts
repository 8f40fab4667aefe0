import { createHash } from 'node:crypto'

const ID_HEX_DIGITS = 16

/**
 * Id of a fact that brings none: the first 16 hexadecimal digits of SHA-256 over the JSON array
 * `[subject, relation, object]` in UTF-8, so that any language can make the same key.
 * Two of a million facts collide with probability 3e-8; the reader refuses a set in which two do.
 */
export function factId(subject: string, relation: string, object: string): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, relation, object]))
    .digest('hex')
    .slice(0, ID_HEX_DIGITS)
}
