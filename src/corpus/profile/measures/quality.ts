import { z } from 'zod'
import { QUALITY_RULES } from '../../../core/index.js'
import type { Measure, ProfiledDocument } from '../measure.js'

/** Documents that a rule names, with a few of them. */
export interface BrokenRule {
  documents: number
  bytes: number
  /** Those of the least {@link Example.order}: the same few, however the corpus was cut. */
  examples: Example[]
}

export interface Example {
  /** A number without meaning that decides which examples are kept. */
  readonly order: number
  readonly path: string
  /** Beginning of the document. */
  readonly text: string
}

export type Quality = Record<string, BrokenRule>

const EXAMPLES = 3
const EXAMPLE_BYTES = 240

const example = z.object({ order: z.number(), path: z.string(), text: z.string() })
const brokenRule = z.object({ documents: z.int(), bytes: z.int(), examples: z.array(example) })

/** By content, so that a text that stands a thousand times is one example; then by place. */
function keep(examples: Example[], added: readonly Example[]): Example[] {
  const all = [...examples, ...added].sort(
    (a, b) => a.order - b.order || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0),
  )
  return all.filter((e, i) => i === 0 || all[i - 1]!.order !== e.order).slice(0, EXAMPLES)
}

function orderOf({ scan }: ProfiledDocument): number {
  return scan.hashHigh
}

/** Documents that break each rule of quality. */
export const quality: Measure<Quality> = {
  id: 'quality',
  state: z.record(z.string(), brokenRule),
  start: () =>
    Object.fromEntries(QUALITY_RULES.map(({ id }) => [id, { documents: 0, bytes: 0, examples: [] }])),
  add(state: Quality, document: ProfiledDocument) {
    const { scan, unit } = document
    for (const { id, breaks } of QUALITY_RULES) {
      if (!breaks(scan)) continue
      const rule = state[id]!
      rule.documents++
      rule.bytes += scan.bytes
      const order = orderOf(document)
      if (rule.examples.length === EXAMPLES && order >= rule.examples.at(-1)!.order) continue
      rule.examples = keep(rule.examples, [{ order, path: unit.path, text: document.text(EXAMPLE_BYTES) }])
    }
  },
  merge(into, from) {
    for (const [id, { documents, bytes, examples }] of Object.entries(from)) {
      const rule = into[id]
      if (rule === undefined) {
        into[id] = { documents, bytes, examples: [...examples] }
        continue
      }
      rule.documents += documents
      rule.bytes += bytes
      rule.examples = keep(rule.examples, examples)
    }
  },
}
