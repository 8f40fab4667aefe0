import type { AnyProbe } from '../core/index.js'
import { adaptability } from './adaptability/index.js'
import { benchmarkScores } from './benchmark-scores/index.js'
import { capabilitySalience } from './capability-salience/index.js'
import { contamination } from './contamination/index.js'
import { domainCoverage } from './domain-coverage/index.js'
import { downstreamForecast } from './downstream-forecast/index.js'
import { engineCheck } from './engine-check/index.js'
import { heldOutLoss } from './held-out-loss/index.js'
import { inferenceCost } from './inference-cost/index.js'
import { knowledgeBound } from './knowledge-bound/index.js'
import { knowledgeRetention } from './knowledge-retention/index.js'
import { learningRateSchedule } from './learning-rate-schedule/index.js'
import { lossStability } from './loss-stability/index.js'
import { gainProbe } from './pretraining-gain/index.js'
import { throughput } from './throughput/index.js'
import { tokenizerEfficiency } from './tokenizer-efficiency/index.js'

export { adaptability } from './adaptability/index.js'
export { benchmarkScores, wasteText } from './benchmark-scores/index.js'
export {
  type CurvePoint,
  curveSection,
  domainChart,
  domainTable,
  judgeReading,
  modelsSection,
  passageChart,
  type RunCurve,
  SALIENCE_PROBE,
  SALIENCE_SOURCES,
} from './capability-salience/index.js'
export { contamination } from './contamination/index.js'
export {
  BACK_TEST_TITLE,
  backTestTable,
  downstreamForecast,
  INVERSION_TITLE,
  inversionTable,
  judgeForecast,
  samplingFindings,
  samplingSection,
  tableFindings,
} from './downstream-forecast/index.js'
export { modelFindings } from './engine-check/index.js'
export { heldOutLoss, measureHeldOutLoss } from './held-out-loss/index.js'
export { judgeRetention, knowledgeBound } from './knowledge-bound/index.js'
export { knowledgeRetention, type MeasuredKnowledge, measureKnowledge } from './knowledge-retention/index.js'
export { judgeSchedule, learningRateSchedule } from './learning-rate-schedule/index.js'
export { judgeLossStability, lossStability, summaryOf } from './loss-stability/index.js'
export { gainProbe, judgeGain } from './pretraining-gain/index.js'
export { judgeThroughput, throughput } from './throughput/index.js'
export { measureTexts, tokenizerEfficiency, usedTypes } from './tokenizer-efficiency/index.js'

/** Every probe of an audit. A probe is one folder and one line here. */
export const PROBES: readonly AnyProbe[] = [
  adaptability,
  benchmarkScores,
  capabilitySalience,
  contamination,
  domainCoverage,
  downstreamForecast,
  engineCheck,
  heldOutLoss,
  inferenceCost,
  knowledgeBound,
  knowledgeRetention,
  learningRateSchedule,
  lossStability,
  gainProbe,
  throughput,
  tokenizerEfficiency,
]
