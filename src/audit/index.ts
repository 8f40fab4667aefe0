export { compareAudits } from './compare.js'
export { DEFAULT_GATES } from './config/gates.js'
export { nearest } from './config/nearest.js'
export { type ConfigContext, readConfig, readPolicy } from './config/read.js'
export { type Config, configSchema } from './config/schema.js'
export { type DryRun, dryRun } from './dry-run.js'
export { bestChoice, type ChoiceItem, type ScoredChoice, scoreChoices } from './gather/choices.js'
export { formatParams, type GatherOptions, gather, openModel } from './gather/index.js'
export type { GatherIo, ProgressBar } from './gather/io.js'
export { gatherSurprisal } from './gather/surprisal.js'
export { gatherTokenizer } from './gather/tokenizer.js'
export { gatesOf, type JudgeOptions, judge } from './judge.js'
export { writeAnswers } from './knowledge/answers-table.js'
export { gatherAnswers, type KnowledgeOptions } from './knowledge/gather-answers.js'
export { hashInputs } from './knowledge/hash-inputs.js'
export { SHIPPED_FACTS } from './knowledge/templates.js'
export { readMethods } from './methods.js'
export { type AuditPlan, type PlanOverrides, planAudit } from './plan.js'
export { type AuditOptions, runAudit } from './run-audit.js'
export { EvidenceWriter, type Manifest, readEvidence, type StoredEvidence } from './store/evidence-folder.js'
export { writeFileAtomic } from './store/files.js'
export { type Columns, readParquet, writeParquet } from './store/parquet.js'
export { decodeText } from './texts/decode.js'
export {
  type DomainSource,
  defaultTexts,
  domainFromGlobs,
  expandFiles,
  parseDomains,
} from './texts/domains.js'
export { PACKAGE_ROOT } from './texts/package-root.js'
export { samplePassages } from './texts/sample.js'
export { VERSION } from './version.js'
