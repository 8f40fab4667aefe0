import { z } from 'zod'
import {
  adaptDocument,
  auditDocument,
  fitDocument,
  gainDocument,
  lossDocument,
  tokenizerDocument,
} from './documents.js'
import { salienceDocument, salienceVectorDocument } from './salience.js'

const DOCUMENTS = {
  adapt: { document: adaptDocument, title: 'What `assay adapt --json` prints' },
  audit: {
    document: auditDocument,
    title: 'What `assay audit`, `judge` and `gate` print, and report.json holds',
  },
  fit: { document: fitDocument, title: 'What `assay fit --json` prints' },
  gain: { document: gainDocument, title: 'What `assay gain --json` prints' },
  loss: { document: lossDocument, title: 'What `assay loss --json` prints' },
  salience: { document: salienceDocument, title: 'What `assay salience --json` prints' },
  'salience-vector': {
    document: salienceVectorDocument,
    title: 'salience.json, what `assay salience --save` writes and `--apply` reads',
  },
  tokenizer: { document: tokenizerDocument, title: 'What `assay tokenizer --json` prints' },
} as const

/**
 * The published JSON Schemas (draft 2020-12) by file name. They allow fields that they do not name: a later
 * version may add some, and only raises the number behind the @ when one changes or goes.
 */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(DOCUMENTS).map(([name, { document, title }]) => {
      const { $schema, ...body } = z.toJSONSchema(document, { io: 'input' })
      const published = { $schema, $id: `assay/${name}@1`, title, ...body }
      return [`${name}.schema.json`, `${JSON.stringify(published, null, 2)}\n`]
    }),
  )
}
