import { createHash } from 'node:crypto'

/**
 * Hash of a prompt's text without the white space at its ends: one of an item, whatever tool asked it, so that results of
 * two tools can be paired.
 */
export function askedHash(prompt: string): string {
  return createHash('sha256').update(prompt.trim()).digest('hex').slice(0, 32)
}
