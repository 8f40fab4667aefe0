import type { AdaptationEvidence } from './adaptation.js'
import type { ChoicesEvidence } from './choices.js'
import type { ContaminationEvidence } from './contamination.js'
import type { CorpusEvidence } from './corpus.js'
import type { CostEvidence } from './cost.js'
import type { EngineCheckEvidence } from './engine-check.js'
import type { EvaluationsEvidence } from './evaluations.js'
import type { GainEvidence } from './gain.js'
import type { AnswersEvidence, FactCountsEvidence } from './knowledge.js'
import type { ModelEvidence } from './model.js'
import type { SalienceEvidence } from './salience.js'
import type { SurprisalEvidence } from './surprisal.js'
import type { TokenizerEvidence } from './tokenizer.js'
import type { TrainingLogEvidence } from './training-log.js'

/** Everything that gathering can record and judging can read. One entry = one file (or two) in the evidence folder. */
export interface EvidenceByKind {
  model: ModelEvidence
  engineCheck: EngineCheckEvidence
  surprisal: SurprisalEvidence
  tokenizer: TokenizerEvidence
  cost: CostEvidence
  trainingLog: TrainingLogEvidence
  evaluations: EvaluationsEvidence
  factCounts: FactCountsEvidence
  answers: AnswersEvidence
  salience: SalienceEvidence
  gain: GainEvidence
  adaptation: AdaptationEvidence
  choices: ChoicesEvidence
  contamination: ContaminationEvidence
  corpus: CorpusEvidence
}

/** Name of a kind of evidence: what a probe lists in `needs`. */
export type EvidenceKind = keyof EvidenceByKind

/** Schema version of each kind: raised when its file changes shape. */
export const EVIDENCE_SCHEMA: Readonly<Record<EvidenceKind, number>> = {
  model: 2,
  engineCheck: 1,
  surprisal: 2,
  tokenizer: 2,
  cost: 2,
  trainingLog: 1,
  evaluations: 1,
  factCounts: 2,
  answers: 2,
  salience: 1,
  gain: 1,
  adaptation: 1,
  choices: 1,
  contamination: 1,
  corpus: 1,
}

export type * from './adaptation.js'
export type * from './choices.js'
export type * from './contamination.js'
export type * from './corpus.js'
export type * from './cost.js'
export type * from './engine-check.js'
export type * from './evaluations.js'
export type * from './gain.js'
export type * from './knowledge.js'
export type * from './model.js'
export type * from './salience.js'
export type * from './surprisal.js'
export type * from './tokenizer.js'
export * from './training-log.js'
