import {
  type AnyProbe,
  changeBetween,
  counted,
  DEFAULT_LEVEL,
  declarationFor,
  type Estimate,
  type Finding,
  type Metric,
  type MetricDeclaration,
  type Result,
  type Section,
} from '../core/index.js'
import { PROBES } from '../probes/index.js'
import { baselineOf } from './baseline.js'
import { raise } from './errors.js'
import { declaredBy } from './gate-finding.js'
import { runProbes } from './run-probes.js'
import type { StoredEvidence } from './store/evidence-folder.js'

/** `undecided`: the interval of the change holds 0. `more` and `less` are of what is no merit, as FLOPs. */
export type Direction = 'better' | 'worse' | 'undecided' | 'more' | 'less'

/** One metric under both audits. `paired`: the same documents were compared one by one. */
export interface MetricChange {
  readonly id: string
  readonly title: string
  readonly before: Estimate
  readonly after: Estimate
  readonly change: Estimate
  readonly paired: boolean
  readonly better: Metric['better']
  /** What the model is, not how well it does. */
  readonly size: boolean
  /** No document, and no draw of them, differs. */
  readonly same: boolean
  readonly direction: Direction
}

/** What a second audit gained or lost against a first, as numbers and as a result to render. */
export interface Comparison {
  readonly changes: readonly MetricChange[]
  readonly result: Result
}

/** What audits are ranked by. */
export const HEADLINE = 'held-out-loss.macro'
const DOMAIN = 'held-out-loss.domain.'

/** Nothing moved, in no draw of documents: more text would tell nothing else. */
function isSame(change: Estimate): boolean {
  return (
    change.kind === 'estimate' &&
    change.value === 0 &&
    change.interval.low === 0 &&
    change.interval.high === 0
  )
}

function directionOf(change: Estimate, better: Metric['better'], isSize: boolean): Direction {
  if (change.kind === 'notEstimable' || (change.interval.low <= 0 && change.interval.high >= 0))
    return 'undecided'
  if (isSize) return change.value > 0 ? 'more' : 'less'
  return change.value > 0 === (better === 'higher') ? 'better' : 'worse'
}

function changesOf(
  after: readonly Metric[],
  before: readonly Metric[],
  paired: ReadonlyMap<string, Estimate>,
  declared: readonly MetricDeclaration[],
): MetricChange[] {
  return after.flatMap((now): MetricChange[] => {
    const then = before.find((m) => m.id === now.id)
    // Timings differ between machines and runs: they say nothing of two models.
    const declaration = declarationFor(declared, now.id)?.declaration
    if (then === undefined || declaration?.timing === true) return []
    const known = paired.get(now.id)
    const change =
      known ??
      (then.estimate.kind === 'estimate' && now.estimate.kind === 'estimate'
        ? changeBetween(then.estimate, now.estimate)
        : then.estimate.kind === 'notEstimable'
          ? then.estimate
          : now.estimate)
    return [
      {
        id: now.id,
        title: now.title,
        before: then.estimate,
        after: now.estimate,
        change,
        paired: known !== undefined,
        better: now.better,
        size: declaration?.size === true,
        same: isSame(change),
        direction: directionOf(change, now.better, declaration?.size === true),
      },
    ]
  })
}

const STATUS = {
  better: 'pass',
  worse: 'warn',
  undecided: 'insufficient',
  more: 'pass',
  less: 'pass',
} as const

function actionOf(
  { id, direction, same }: MetricChange,
  declared: readonly MetricDeclaration[],
): Pick<Finding, 'action'> {
  if (same) return {}
  if (direction === 'undecided')
    return { action: 'Audit both on more text (--limit, --full) if a smaller difference matters.' }
  const regressed = declarationFor(declared, id)?.declaration.onRegress
  return direction !== 'worse' || regressed === undefined ? {} : { action: regressed }
}

/** The headline whatever it says, then every metric that got worse beyond doubt. */
function findingsOf(changes: readonly MetricChange[], declared: readonly MetricDeclaration[]): Finding[] {
  const told = changes.filter(
    (c) => c.id === HEADLINE || (c.direction === 'worse' && !c.id.startsWith(DOMAIN)),
  )
  return told.map((c) => ({
    probe: c.id.split('.')[0],
    code: `compare/${c.direction}`,
    status: c.same ? 'pass' : STATUS[c.direction],
    title: `${c.title}: ${c.same ? 'the same in both' : c.direction === 'undecided' ? 'no difference can be told' : `the second audit is ${c.direction}`}`,
    estimate: c.change,
    ...actionOf(c, declared),
    sources: [
      c.paired ? 'docs/methods/surprisal.md#changes-between-audits' : 'docs/methods/gates.md#drops',
      c.paired ? 'paired bootstrap over documents' : 'two intervals, as if independent',
    ],
  }))
}

function answerOf(changes: readonly MetricChange[]): string {
  const macro = changes.find((c) => c.id === HEADLINE)
  if (macro === undefined || macro.change.kind === 'notEstimable')
    return 'Held-out loss was not measured in both audits.'
  const domains = changes.filter((c) => c.id.startsWith(DOMAIN))
  const same = domains.filter((c) => c.same).length
  const count = (direction: Direction): number =>
    domains.filter((c) => !c.same && c.direction === direction).length
  const { value } = macro.change
  if (macro.same) return 'Both audits lose the same on every held-out document.'
  const said =
    macro.direction === 'undecided'
      ? 'On held-out text no difference can be told'
      : `On held-out text the second needs ${Math.abs(value).toFixed(3)} bits a byte ${value < 0 ? 'fewer' : 'more'}`
  return `${said}: better in ${count('better')}, worse in ${count('worse')}, undecided in ${count('undecided')}${same === 0 ? '' : `, the same in ${same}`} of ${counted(domains.length, 'domain')}.`
}

function sectionOf(changes: readonly MetricChange[], answer: string): Section {
  const headline = changes.find((c) => c.id === HEADLINE)
  const domains = changes.filter((c) => c.id.startsWith(DOMAIN))
  const charts: Section['charts'] =
    domains.length === 0
      ? []
      : [
          {
            kind: 'dots',
            caption: 'Left of the line the second is better',
            x: { label: 'change of held-out loss (less is better)', unit: 'bits/byte' },
            rows: domains.map((c) => ({ label: c.id.slice(DOMAIN.length), estimate: c.change })),
            reference: [{ value: 0, label: 'no change' }],
          },
        ]
  return {
    id: 'compare',
    order: 10,
    question: 'What changed?',
    answer,
    inShort: headline === undefined ? 'not measured' : headline.same ? 'the same' : headline.direction,
    charts,
    tables: [
      {
        title: 'Every metric of both audits',
        columns: ['metric', 'first', 'second', 'change', 'second is'],
        rows: changes.map((c) => [c.title, c.before, c.after, c.change, c.same ? 'the same' : c.direction]),
      },
    ],
    protocol: [
      'Held-out loss: paired bootstrap over documents, each drawn for both models at once. Other metrics: both intervals in quadrature, as if independent, which is on the careful side.',
      'Undecided: the interval of the change holds 0. Many metrics are compared: one in twenty undecided ones would be called by chance at 95 %.',
      'Timings are left out: they differ between machines and runs.',
    ],
  }
}

/**
 * Two audits of the same texts, metric by metric, second less first.
 *
 * @throws {AssayError} audit/not-comparable when texts or windowing differ
 */
export function compareAudits(
  first: StoredEvidence,
  second: StoredEvidence,
  seed: number,
  { level = DEFAULT_LEVEL, probes = PROBES }: { level?: number; probes?: readonly AnyProbe[] } = {},
): Comparison {
  const baseline = baselineOf(first, second.evidence, { probes, level })
  if ('refused' in baseline) throw raise('not-comparable', baseline.refused)
  const after = runProbes(second.evidence, { probes, seed: second.manifest.seed, level })
  const declared = declaredBy(probes)
  const changes = changesOf(after.metrics, baseline.metrics, baseline.changes ?? new Map(), declared)
  const answer = answerOf(changes)
  const names = [first, second].map(({ evidence }) => evidence.model?.name ?? 'an audit without a model')
  return {
    changes,
    result: {
      schema: 'assay/compare@1',
      title: `${names[0]} against ${names[1]}`,
      summary: answer,
      seed,
      inputs: [...first.manifest.inputs, ...second.manifest.inputs],
      gates: [],
      findings: findingsOf(changes, declared),
      metrics: [],
      sections: [sectionOf(changes, answer)],
      provenance: [
        { label: 'first', value: `${names[0]}, Assay ${first.manifest.assay}, seed ${first.manifest.seed}` },
        {
          label: 'second',
          value: `${names[1]}, Assay ${second.manifest.assay}, seed ${second.manifest.seed}`,
        },
        { label: 'confidence level', value: String(level) },
      ],
      notMeasured: [],
    },
  }
}
