import {
  type EvidenceByKind,
  type SalienceFileJson,
  salienceFileFromJson,
  salienceFileToJson,
} from '../../../core/index.js'
import type { Codec } from './codec.js'

export const salience: Codec<EvidenceByKind['salience']> = {
  columns: ['text', 'bits_per_byte'],
  encode: ({ source, vector, texts, losses }) => ({
    head: { source, vector: salienceFileToJson(vector) },
    table: { text: { type: 'VARCHAR', values: texts }, bits_per_byte: { type: 'DOUBLE', values: losses } },
  }),
  decode(head, table) {
    const { source, vector } = head as { source: string; vector: SalienceFileJson }
    return {
      source,
      vector: salienceFileFromJson(vector),
      texts: table.text as string[],
      losses: Float64Array.from(table.bits_per_byte as number[]),
    }
  },
}
