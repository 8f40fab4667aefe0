import type { RunJudgement } from '../judgement.js'
import { foretell } from './landing.js'
import { courseLosses } from './power-law.js'

/** The run with its landing by the law that is fitted to it and to the other runs of its model. */
export function landedJointly(run: RunJudgement, all: readonly RunJudgement[]): RunJudgement {
  const { ground, law, rates, prepared, unit } = run
  if (!rates.known) return run
  const others = all
    .filter((o) => o !== run && o.rates.known && o.unit === unit)
    .flatMap((o) => (o.ground === undefined ? [] : [courseLosses(o.ground, o.prepared.lastStep, rates.peak)]))
  if (others.length === 0) return run
  const { landing, annealNow } = foretell(ground, law, rates, prepared.lastStep, others)
  return { ...run, landing, annealNow }
}
