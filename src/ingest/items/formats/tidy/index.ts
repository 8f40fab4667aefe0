import { FieldReader } from '../../../records/fields.js'
import type { ItemRow, ItemsFormat } from '../../item-row.js'

/** Names that `--columns` knows. */
export const ITEM_FIELDS: readonly string[] =
  'item correct model n seed split benchmark task margin cluster prompt arm chance contaminated min_k'.split(
    ' ',
  )

/**
 * A table with a row an item: `item, correct`, and where it tells them `model, n, seed, split, margin, cluster, prompt, arm,
 * chance, contaminated, min_k`.
 */
export const tidyItems: ItemsFormat = {
  format: 'tidy table',
  recognises: () => true,
  read(records, { columns = {} }) {
    const fields = new FieldReader(records, columns)
    fields.require('item', 'correct')
    const told = (row: Parameters<FieldReader['text']>[0], field: string): string | undefined => {
      const text = fields.textOr(row, field, '').trim()
      return text === '' ? undefined : text
    }
    const rows = records.rows.map((row): ItemRow => {
      const number = (field: string): number | undefined => fields.numberOrNull(row, field) ?? undefined
      const item = fields.text(row, 'item')
      const optional = {
        arm: told(row, 'arm'),
        model: told(row, 'model'),
        n: number('n'),
        seed: told(row, 'seed'),
        split: told(row, 'split'),
        prompt: told(row, 'prompt'),
        cluster: told(row, 'cluster'),
        margin: number('margin'),
        chance:
          told(row, 'chance') === undefined
            ? undefined
            : fields.number(
                row,
                'chance',
                (v) => v >= 0 && v < 1,
                'the accuracy of guessing: a share of 0 or more, below 1',
              ),
        minK: number('min_k'),
        contaminated: told(row, 'contaminated') === undefined ? undefined : fields.flag(row, 'contaminated'),
      }
      return {
        ...(Object.fromEntries(
          Object.entries(optional).filter(([, v]) => v !== undefined),
        ) as typeof optional),
        item,
        key: item,
        score: fields.number(row, 'correct', () => true, '1 or 0, or a share'),
        line: row.line,
      }
    })
    fields.finish()
    return rows
  },
}
