import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { publicSkill } from '../../bench/salience/public-table.js'

const DATA = join(process.env.ASSAY_DATA ?? '../shared/data', 'salience')
const present = existsSync(join(DATA, 'bpb_synth.csv'))

/** Losses of 90 models on 263 documents and their scores (TristanThrush/perplexity-correlations, MIT). */
describe.skipIf(!present)(
  `public losses of 90 models (${present ? DATA : 'skipped: set ASSAY_DATA to the folder that holds salience/'})`,
  () => {
    it('tell five English tasks of families left out, 20 models known: explained variance ≥ .85, ≥ .02 over the sigmoid', async () => {
      const of = await publicSkill(DATA, { n: 20, repeats: 20, english: true })
      expect(of('chosen', 'explainedVariance')).toBeGreaterThanOrEqual(0.85)
      expect(
        of('residual-components', 'explainedVariance') - of('mean-sigmoid', 'explainedVariance'),
      ).toBeGreaterThanOrEqual(0.02)
      expect(of('chosen', 'nearTies')).toBeGreaterThan(of('mean-sigmoid', 'nearTies'))
    }, 120_000)
  },
)
