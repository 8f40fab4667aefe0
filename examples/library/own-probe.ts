// Audit a model with a probe of your own, and hold a gate against what it measures.
import { domainFromGlobs, planAudit, runAudit } from 'assay-audit/audit'
import { defineProbe, wilsonInterval } from 'assay-audit/core'
import { PROBES } from 'assay-audit/probes'

/** How often the model gives the next token less than one chance in a hundred. */
const surprise = defineProbe({
  id: 'surprise',
  title: 'Few tokens come as a surprise',
  failureTitle: 'Many tokens come as a surprise',
  needs: ['surprisal'],
  sources: [],
  metrics: [
    {
      id: 'surprise.share',
      title: 'Tokens below 1 % probability',
      unit: 'share',
      better: 'lower',
      onFail: 'Continue pre-training on this domain.',
      onRegress: 'The newer model knows this text less well: look at what its last data left out.',
    },
  ],
  judge({ surprisal }, { level }) {
    const scores = surprisal.documents.flatMap((document) => [...document.logLikelihoods])
    const surprised = scores.filter((score) => score < Math.log(0.01)).length
    const interval = wilsonInterval(surprised, scores.length, level)
    const value = surprised / scores.length
    const estimate = { kind: 'estimate', value, interval, unit: 'share', n: scores.length } as const
    return { findings: [], metrics: [{ metric: 'surprise.share', estimate }], sections: [] }
  },
})

const probes = [...PROBES, surprise]
const domains = [domainFromGlobs('docs', ['docs/methods/*.md'])]
const plan = { ...planAudit('assay-ladder', { domains, limit: 2 }), domains, parallel: [] }
const gates = [{ metric: 'surprise.share', tier: 'critical', max: 0.2 }] as const

const [evidence = 'assay-evidence'] = process.argv.slice(2)
const { verdict, gates: decided } = await runAudit({ ...plan, gates }, { evidence, probes })
console.log(`${verdict}: ${decided.map((gate) => `${gate.title} ${gate.status}`).join(', ')}`)
