import type { EvidenceByKind } from '../../../core/index.js'
import type { Codec } from './codec.js'

type Stored<T> = {
  [K in keyof T]: T[K] extends Int32Array | undefined ? number[] : T[K] extends object ? Stored<T[K]> : T[K]
}

export const tokenizer: Codec<EvidenceByKind['tokenizer']> = {
  columns: [],
  encode: (value) => ({
    head: JSON.parse(
      JSON.stringify(value, (_, v) => (v instanceof Int32Array ? Array.from(v) : v)),
    ) as unknown,
  }),
  decode(head) {
    const { texts, vocabulary } = head as Stored<EvidenceByKind['tokenizer']>
    return {
      texts: texts.map((t) => {
        const { units, counts, ...rest } = t as unknown as Stored<
          EvidenceByKind['tokenizer']['texts'][number]
        >
        return {
          ...rest,
          units: {
            bytes: Int32Array.from(units.bytes),
            words: Int32Array.from(units.words),
            tokens: Int32Array.from(units.tokens),
            continuedWords: Int32Array.from(units.continuedWords),
            fallbackTokens: Int32Array.from(units.fallbackTokens),
          },
          counts: { ids: Int32Array.from(counts.ids), counts: Int32Array.from(counts.counts) },
        }
      }),
      vocabulary: {
        ...vocabulary,
        unreachable: Int32Array.from(vocabulary.unreachable),
        partialUtf8: Int32Array.from(vocabulary.partialUtf8),
      },
    }
  },
}
