export { gatherAdaptation } from './adaptation/gather-adaptation.js'
export { planAdaptation, WHOLE } from './adaptation/plans.js'
export { comparedItems } from './benchmarks/compared-items.js'
export { gatherChoices } from './benchmarks/gather-choices.js'
export { drawsShots, planBenchmark } from './benchmarks/plan.js'
export { writeHarness } from './benchmarks/writers/harness.js'
export { type Comparison, compareAudits, type Direction, type MetricChange } from './compare.js'
export { compareManyAudits, type NamedAudit } from './compare-many.js'
export { DEFAULT_GATES } from './config/gates.js'
export { nearest } from './config/nearest.js'
export { type ConfigContext, readConfig, readPolicy } from './config/read.js'
export { type DryRun, type DryRunPart, dryRun } from './dry-run.js'
export { bestChoice, type ChoiceItem, scoreChoices } from './gather/choices.js'
export { requireSoundEngine } from './gather/engine-check.js'
export { modelInput } from './gather/identity.js'
export { type GatherOptions, gather, openModel } from './gather/index.js'
export type { ProgressBar } from './gather/io.js'
export { gatherSalience, readyVector, type SalienceSources } from './gather/salience.js'
export { writeSpans } from './gather/spans.js'
export { gatherSurprisal } from './gather/surprisal.js'
export { gatherTokenizer } from './gather/tokenizer.js'
export { gatesOf, type JudgeOptions, judge } from './judge.js'
export { type KnowledgeOptions, requireSameAnswers } from './knowledge/answers-plan.js'
export { writeAnswers } from './knowledge/answers-table.js'
export { gatherAnswers } from './knowledge/gather-answers.js'
export { hashInputs } from './knowledge/hash-inputs.js'
export { SHIPPED_FACTS } from './knowledge/templates.js'
export { readMethods } from './methods.js'
export {
  type AdaptabilitySources,
  type AuditPlan,
  type BenchmarkSource,
  type CorpusSources,
  type EvaluationSources,
  type GainSources,
  type KnowledgeSources,
  type PlanOverrides,
  planAudit,
} from './plan.js'
export { othersThan, readReferences } from './references.js'
export { type AuditOptions, runAudit } from './run-audit.js'
export { scoreTexts } from './score-texts.js'
export { runSeries } from './series.js'
export {
  EvidenceWriter,
  type Manifest,
  readEvidence,
  type StoredEvidence,
  type StoredKind,
} from './store/evidence-folder.js'
export { requireWritableFolder, writeFileAtomic } from './store/files.js'
export { readParquet, writeParquet } from './store/parquet.js'
export {
  type DomainSource,
  defaultTexts,
  domainFromGlobs,
  expandFiles,
  type ParallelSource,
  parseDomains,
} from './texts/domains.js'
export { PACKAGE_ROOT } from './texts/package-root.js'
export type { Passage } from './texts/sample.js'
export { noteReading, samplePassages } from './texts/sample.js'
export { findPassages, requirePassages, textSha256, textsOfPassages } from './texts/span-text.js'
export { VERSION } from './version.js'
