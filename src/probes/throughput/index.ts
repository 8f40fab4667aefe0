import {
  type ChartAxis,
  chartsAlong,
  counted,
  defineProbe,
  downsample,
  exact,
  type Finding,
  type JudgedRun,
  type Judgement,
  type LineChart,
  type LogAnalysis,
  type Section,
  type Throughput,
  throughputOf,
} from '../../core/index.js'
import { METRICS } from './metrics.js'

const PROBE = 'throughput'
const ORDER = 42
/** Slower by this at the end: a finding. */
const SLOWER = 1.15
/** Stalls that cost this share of the time: a finding. */
const LOST = 0.05

interface Timed {
  readonly run: JudgedRun
  readonly speed: Throughput
}

function secondsText({ speed: { secondsPerStep } }: Timed): string {
  return secondsPerStep.kind === 'estimate'
    ? `${secondsPerStep.value.toPrecision(3)} s a step`
    : 'step time unknown'
}

function sentence(timed: Timed): string {
  const { period, slow, lostShare } = timed.speed
  const seconds = secondsText(timed)
  if (slow.length === 0) return `${seconds}, no slow steps`
  const periodic =
    period === undefined
      ? `${counted(slow.length, 'slow step')} without a common period`
      : `${slow.length} slow steps, ${period.explained} of them every ${period.steps} steps (evaluations, checkpoints, or periodic work of the optimiser)`
  return `${seconds}; ${periodic} ${slow.length === 1 ? 'takes' : 'take'} ${(100 * lostShare).toFixed(1)} % of the time`
}

function findingsFor(timed: Timed, several: boolean): Finding[] {
  const { run, speed } = timed
  const name = several ? `${run.run.id}: ` : ''
  const base = { probe: PROBE, sources: ['docs/methods/curve.md#step-times', 'evidence: trainingLog'] }
  const out: Finding[] = []
  if (speed.drift >= SLOWER)
    out.push({
      ...base,
      code: `${PROBE}/slower`,
      status: 'warn',
      title: `${name}Steps take ${Math.round(100 * (speed.drift - 1))} % longer at the end than in the first half`,
      estimate: exact(speed.drift, 'ratio', run.prepared.seconds.step.length),
      action: 'Look for a slow node, a growing sequence length, or a data loader that falls behind.',
    })
  if (speed.stalls.length > 0 && speed.lostShare >= LOST)
    out.push({
      ...base,
      code: `${PROBE}/stalls`,
      status: 'warn',
      title: `${name}${counted(speed.stalls.length, 'step stalls', 'steps stall')} without a common period, ${(100 * speed.lostShare).toFixed(1)} % of the time goes to slow steps`,
      estimate: exact(speed.lostShare, 'share', run.prepared.seconds.step.length),
      action: 'Look at storage, network and the data loader at these steps.',
    })
  if (out.length === 0)
    out.push({
      ...base,
      code: `${PROBE}/steady`,
      status: 'pass',
      title: `${name}${sentence(timed)}`,
      estimate: speed.tokensPerSecond.kind === 'estimate' ? speed.tokensPerSecond : speed.secondsPerStep,
    })
  return out
}

function speedChart({ prepared }: JudgedRun, caption: string): LineChart {
  return {
    kind: 'lines',
    caption,
    x: { label: 'step', domain: [Math.min(prepared.firstStep, prepared.lastStep - 1), prepared.lastStep] },
    y: { label: 'time', unit: 's/step', scale: 'log' },
    series: [{ name: 'seconds per step', style: 'faint', ...downsample(prepared.seconds) }],
    height: 'short',
  }
}

function section(timed: readonly Timed[], axis: ChartAxis | undefined): Section {
  return {
    id: 'throughput',
    probe: PROBE,
    order: ORDER,
    question: 'How fast did the run go?',
    inShort: timed.length === 1 ? secondsText(timed[0]) : `${timed.length} runs timed`,
    answer: timed.length === 1 ? `${sentence(timed[0])}.` : `${timed.length} runs were timed.`,
    charts: timed
      .slice(0, 1)
      .flatMap(({ run, speed }) =>
        chartsAlong(
          [speedChart(run, `${timed.length === 1 ? '' : `${run.run.id}: `}${sentence({ run, speed })}`)],
          run,
          axis,
        ),
      ),
    tables: [
      {
        title: 'Throughput',
        columns: ['run', 'seconds a step', 'tokens a second', 'slow steps', 'period', 'share of time lost'],
        rows: timed.map(({ run, speed }) => [
          run.run.id,
          speed.secondsPerStep,
          speed.tokensPerSecond,
          speed.slow.length,
          speed.period?.steps ?? null,
          speed.lostShare,
        ]),
      },
    ],
    protocol: ['Slow: over three times the median step; the first step (compilation) is left out.'],
  }
}

/** Findings, metrics and section of an analysis, for the probe and for `assay curve`. */
export function judgeThroughput(analysis: LogAnalysis): Judgement {
  const timed = analysis.runs.flatMap((run): Timed[] => {
    const speed = throughputOf(run.prepared)
    return speed === undefined ? [] : [{ run, speed }]
  })
  if (timed.length === 0)
    return {
      findings: [],
      metrics: [],
      sections: [
        {
          id: 'throughput',
          probe: PROBE,
          order: ORDER,
          question: 'How fast did the run go?',
          answer: 'The log does not tell how long steps took.',
          inShort: 'not logged',
          charts: [],
          tables: [],
          protocol: [],
        },
      ],
    }
  return {
    findings: timed.flatMap((t) => findingsFor(t, timed.length > 1)),
    metrics: [
      { metric: `${PROBE}.seconds-per-step`, estimate: timed[0].speed.secondsPerStep },
      { metric: `${PROBE}.tokens-per-second`, estimate: timed[0].speed.tokensPerSecond },
    ],
    sections: [section(timed, analysis.axis)],
  }
}

/** How fast did training go, and what slowed it? */
export const throughput = defineProbe({
  id: PROBE,
  title: 'Training ran at a steady speed',
  failureTitle: 'Training did not run at a steady speed',
  needs: ['trainingLog'],
  sources: ['docs/methods/curve.md#step-times'],
  metrics: METRICS,
  judge: ({ trainingLog }, { analyseLogs }) => judgeThroughput(analyseLogs(trainingLog)),
})
