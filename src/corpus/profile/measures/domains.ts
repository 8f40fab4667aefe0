import { z } from 'zod'
import { addTo, type Measure, mergeTally, type Tally } from '../measure.js'

export interface Domains {
  readonly documents: Tally
  readonly bytes: Tally
}

/** Documents by the file that they stand in, its shard numbers left out: folders become domains when all are known. */
export const domains: Measure<Domains> = {
  id: 'domains',
  state: z.object({
    documents: z.record(z.string(), z.int()),
    bytes: z.record(z.string(), z.int()),
  }),
  start: () => ({ documents: {}, bytes: {} }),
  add({ documents, bytes }, { unit, begin, end }) {
    const key = fileGroup(unit.path)
    addTo(documents, key, 1)
    addTo(bytes, key, end - begin)
  },
  merge(into, from) {
    mergeTally(into.documents, from.documents)
    mergeTally(into.bytes, from.bytes)
  },
}

let lastPath = ''
let lastGroup = ''

/** `data/web/train-00001-of-00010.jsonl.gz` → `data/web/train`; cached, since a unit's documents share it. */
export function fileGroup(path: string): string {
  if (path === lastPath) return lastGroup
  lastPath = path
  lastGroup = path
    .replace(/\\/g, '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/([^/]+)$/, stem)
    // The one name that no record can have as a key.
    .replace(/^__proto__$/, './$&')
  return lastGroup
}

function stem(name: string): string {
  const bare = name.replace(/[?#].*$/, '').replace(/(?<=.)\.[^/]*$/, '')
  const group = bare.replace(/[-_.]?\d+([-_.]?of[-_.]?\d+)?$/i, '')
  return group === '' ? bare : group
}

/**
 * Domains of file groups: the first folder below the deepest one that all share; where there is none, the group itself.
 * Folders that all share say nothing of a part.
 */
export function domainsOf(groups: readonly string[]): Map<string, string> {
  const parts = groups.map((group) => group.split('/'))
  const [first = []] = parts
  let shared = 0
  while (
    groups.length > 0 &&
    parts.every((names) => names.length > shared + 1 && names[shared] === first[shared])
  )
    shared++
  const isName = (part: string): boolean => !['', '.', '..'].includes(part)
  return new Map(
    groups.map((group, i) => [
      group,
      parts[i]!.slice(shared).find(isName) ?? parts[i]!.findLast(isName) ?? group,
    ]),
  )
}
