import type { EvidenceByKind } from '../../../core/index.js'
import { type Codec, flatRows } from './codec.js'

type StoredOutcome = {
  readonly [K in 'arm' | 'seed' | 'split' | 'item']: string
} & { readonly n: number; readonly score: number } & {
  readonly [K in 'test' | 'cluster']: string | null
} & { readonly [K in 'margin' | 'contaminated' | 'minK']: number | null }

const storedOutcomes = flatRows<{ readonly outcomes: readonly StoredOutcome[] }, 'outcomes'>('outcomes', {
  arm: 'VARCHAR',
  n: 'DOUBLE',
  seed: 'VARCHAR',
  split: 'VARCHAR',
  test: 'VARCHAR',
  item: 'VARCHAR',
  cluster: 'VARCHAR',
  score: 'DOUBLE',
  margin: 'DOUBLE',
  contaminated: 'DOUBLE',
  minK: 'DOUBLE',
})

/** What an outcome does not tell is null on disk; whether an item stands in the corpus is 1 or 0, or .5 where that could not be decided. */
const UNDECIDED = 0.5
export const gain: Codec<EvidenceByKind['gain']> = {
  columns: storedOutcomes.columns,
  encode({ outcomes, ...head }) {
    const rows = outcomes.map(
      (o): StoredOutcome => ({
        ...o,
        test: o.test ?? null,
        cluster: o.cluster ?? null,
        margin: o.margin ?? null,
        contaminated: o.contaminated === undefined ? null : Number(o.contaminated ?? UNDECIDED),
        minK: o.minK ?? null,
      }),
    )
    return storedOutcomes.encode({ ...head, outcomes: rows })
  },
  decode(head, table) {
    const { outcomes } = storedOutcomes.decode({}, table)
    return {
      ...(head as Omit<EvidenceByKind['gain'], 'outcomes'>),
      outcomes: outcomes.map(({ contaminated, ...row }) => ({
        ...(Object.fromEntries(
          Object.entries(row).filter(([, v]) => v !== null),
        ) as unknown as EvidenceByKind['gain']['outcomes'][number]),
        ...(contaminated === null
          ? {}
          : { contaminated: contaminated === UNDECIDED ? null : contaminated === 1 }),
      })),
    }
  },
}
