import type { Estimate } from '../estimate.js'
import type { TrainingRun } from '../evidence/index.js'
import type { Curve } from '../series/curve.js'
import type { CurveEvent, CurveVerdict } from './events/event.js'
import type { LawGround } from './law/ground.js'
import type { Landing } from './law/landing.js'
import type { FittedLaw } from './law/run-law.js'
import type { PreparedRun } from './prepare/prepare.js'
import type { PlannedRates } from './schedule/planned-rates.js'
import type { Schedule } from './schedule/recognise.js'
import type { EarlyWarning } from './scores/early-warning.js'
import type { StabilityScores } from './scores/scores.js'
import type { Levels } from './signs/levels.js'

/** Everything that is concluded from one run. */
export interface RunJudgement {
  readonly run: TrainingRun
  readonly prepared: PreparedRun
  /** The curve that was judged: training losses, or validation losses where there are no others. */
  readonly curve: Curve
  /** Unit of its losses: nats/token, unless they are too large for that (prepare/loss-unit.ts). */
  readonly unit: string
  readonly levels: Levels | undefined
  readonly verdict: CurveVerdict
  readonly events: readonly CurveEvent[]
  /** The events that decide the verdict: those of attempts that were rolled back are left out. */
  readonly verdictEvents: readonly CurveEvent[]
  readonly schedule: Schedule | undefined
  /** The rates that were and are to come, as shares of the peak. */
  readonly rates: PlannedRates
  readonly law: FittedLaw | undefined
  /** What its laws are fitted to. */
  readonly ground: LawGround | undefined
  readonly finalLoss: Estimate
  readonly finalValidationLoss: Estimate
  readonly landing: Landing
  /** Where it would land if the decay of the rate began at the log's end; undefined where it has begun. */
  readonly annealNow: Landing | undefined
  readonly earlyWarning: EarlyWarning | undefined
  readonly scores: StabilityScores
}
