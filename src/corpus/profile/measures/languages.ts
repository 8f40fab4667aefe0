import { z } from 'zod'
import { documentLanguage } from '../language.js'
import { addTo, type Measure, mergeTally, type Tally } from '../measure.js'

export interface Languages {
  readonly documents: Tally
  readonly bytes: Tally
}

/** Documents by language. */
export const languages: Measure<Languages> = {
  id: 'languages',
  state: z.object({
    documents: z.record(z.string(), z.int()),
    bytes: z.record(z.string(), z.int()),
  }),
  start: () => ({ documents: {}, bytes: {} }),
  add({ documents, bytes }, document) {
    const { scan, begin, end } = document
    const language = documentLanguage(scan, document.bytes, begin, end)
    addTo(documents, language, 1)
    addTo(bytes, language, end - begin)
  },
  merge(into, from) {
    mergeTally(into.documents, from.documents)
    mergeTally(into.bytes, from.bytes)
  },
}
