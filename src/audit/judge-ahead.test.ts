import { describe, expect, it } from 'vitest'
import { defineProbe } from '../core/index.js'
import { PROBES } from '../probes/index.js'
import { JudgingAhead } from './judge-ahead.js'
import { runProbe } from './run-probes.js'

const evidence = {
  engineCheck: { engine: 'e', checks: [{ name: 'round-trip', passed: false, detail: 'd' }] },
}
const engineCheck = PROBES.filter(({ id }) => id === 'engine-check')
const mine = defineProbe({
  ...{ id: 'mine', title: 'Mine', failureTitle: 'Not mine', sources: [], metrics: [] },
  needs: ['engineCheck'],
  judge: () => ({ findings: [], metrics: [], sections: [] }),
})

describe('judging ahead, on a thread', () => {
  it('concludes what judging in place concludes, of the probes that have all they ask for', async () => {
    const ahead = new JudgingAhead({ seed: 7, level: 0.9, probes: [...PROBES, mine] })
    ahead.begin(evidence)
    ahead.begin({ ...evidence, evaluations: undefined })
    const concluded = await ahead.concluded
    await ahead.close()
    expect([...concluded.keys()]).toEqual(['engine-check'])
    expect(concluded.get('engine-check')).toEqual(runProbe(engineCheck[0], evidence, { seed: 7, level: 0.9 }))
  })

  it('leaves everything to the rest where nothing can be judged yet', async () => {
    const ahead = new JudgingAhead({ seed: 7 })
    ahead.begin({})
    expect((await ahead.concluded).size).toBe(0)
  })
})
