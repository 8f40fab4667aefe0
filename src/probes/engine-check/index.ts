import { defineProbe, type EngineCheckEvidence, exact, type Finding } from '../../core/index.js'
import { METRICS } from './metrics.js'

/** What the self-check found of the model itself. */
export function modelFindings(model: EngineCheckEvidence['model']): Finding[] {
  if (model === undefined) return []
  return [
    {
      probe: 'engine-check',
      code: `engine-check/model-${model.state}`,
      status: 'warn',
      title: 'The model tells no text from another, as an untrained one does',
      action: `Audit a later checkpoint, or see whether the weights were saved and converted whole: ${model.detail}. Another engine would give the same numbers.`,
      sources: ['docs/methods/engines.md#self-check', 'evidence: engineCheck'],
    },
  ]
}

/** Can the engine's numbers be trusted? Its failures stop an audit: every other number would rest on sand. */
export const engineCheck = defineProbe({
  id: 'engine-check',
  title: "The engine's numbers can be trusted",
  failureTitle: "The engine's numbers cannot be trusted",
  needs: ['engineCheck'],
  sources: ['docs/methods/engines.md#self-check'],
  metrics: METRICS,
  judge: ({ engineCheck: { engine, checks, model } }) => {
    const passed = checks.filter((check) => check.passed)
    const share = exact(passed.length / checks.length, 'share', checks.length)
    const findings: Finding[] = checks
      .filter((check) => !check.passed)
      .map((check) => ({
        probe: 'engine-check',
        code: `engine-check/${check.name}`,
        status: 'fail',
        title: `The engine fails its self-check "${check.name}"`,
        action: `Do not use numbers of ${engine}: ${check.detail}. Try another engine or version, then audit again.`,
        sources: ['docs/methods/engines.md#self-check', 'evidence: engineCheck'],
      }))
    findings.push(...modelFindings(model))
    if (passed.length === checks.length)
      findings.push({
        probe: 'engine-check',
        code: 'engine-check/all',
        status: 'pass',
        title: `The engine passed all ${checks.length} self-checks`,
        estimate: share,
        sources: ['docs/methods/engines.md#self-check', 'evidence: engineCheck'],
      })
    return {
      findings,
      metrics: [{ metric: 'engine-check.passed', estimate: share }],
      sections: [
        {
          id: 'engine-check',
          order: 90,
          question: "Can the engine's numbers be trusted?",
          answer:
            passed.length === checks.length
              ? `Yes: ${engine} passed all ${checks.length} self-checks before anything was scored.`
              : `No: ${engine} failed ${checks.length - passed.length} of ${checks.length} self-checks.`,
          inShort: `${passed.length} of ${checks.length} passed`,
          charts: [],
          tables: [
            {
              title: 'Engine self-checks',
              columns: ['check', 'outcome', 'what was compared'],
              rows: checks.map((check) => [check.name, check.passed ? 'passed' : 'FAILED', check.detail]),
            },
          ],
          protocol: ['Run on the model itself before scoring; any failure stops the audit with exit code 4.'],
        },
      ],
    }
  },
})
