import { expect, it } from 'vitest'
import { type ContaminationOptions, checkContamination } from './contamination.js'

it('a part of a corpus finishes no table', () => {
  const check = (own: Partial<ContaminationOptions>) => () =>
    checkContamination(['c.jsonl'], {
      items: ['i.jsonl'],
      columns: {},
      format: 'auto',
      sampleBy: 'file',
      ...own,
    })
  const shard = { index: 0, of: 2 }
  for (const own of [{ shard }, { shard, out: 'x.tsv' }])
    expect(check(own)).toThrow(
      expect.objectContaining({ code: 'cli/bad-option', place: { field: '--shard' } }),
    )
  for (const own of [{ shard, out: 'parts/' }, { shard, out: 's3://b/parts/' }, { out: 'x.tsv' }])
    expect(check(own)).not.toThrow()
})
