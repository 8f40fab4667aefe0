import { join } from 'node:path'
import {
  createRandom,
  type EvidenceByKind,
  type EvidenceKind,
  formatParams,
  type Input,
  type ModelEvidence,
  type OpenedModel,
} from '../../core/index.js'
import { openEngine } from '../../engines/index.js'
import { gatherAdaptation } from '../adaptation/gather-adaptation.js'
import { gatherChoices, requireSameBenchmarks } from '../benchmarks/gather-choices.js'
import type { BenchmarkPlan } from '../benchmarks/plan.js'
import { hashInputs } from '../knowledge/hash-inputs.js'
import type { AuditPlan, KnowledgeSources } from '../plan.js'
import { EvidenceWriter } from '../store/evidence-folder.js'
import { requireWritableFolder, sha256 } from '../store/files.js'
import type { Settings } from '../store/journal.js'
import { documentName } from '../texts/domains.js'
import { noteReading, samplePassages } from '../texts/sample.js'
import { VERSION } from '../version.js'
import { gatherCost } from './cost.js'
import { requireSoundEngine } from './engine-check.js'
import { modelInput } from './identity.js'
import type { GatherIo, ProgressBar } from './io.js'
import { gatherSalience, readyVector, requireSameReading } from './salience.js'
import {
  gatherContamination,
  gatherCorpus,
  gatherEvaluations,
  gatherFactCounts,
  gatherGain,
  gatherKnowledge,
  gatherTrainingLog,
  planBenchmarks,
  planShots,
  requireSameQuestions,
} from './sources.js'
import { gatherSurprisal, requireSameScoring } from './surprisal.js'
import { gatherTokenizer } from './tokenizer.js'

/** Where evidence goes, and how gathering talks to its caller. */
export interface GatherOptions {
  readonly evidence: string
  readonly resume: boolean
  readonly offline: boolean
  readonly signal: AbortSignal
  progress(label: string): ProgressBar
  note(text: string): void
}

/** The model of a plan, downloaded if need be, and opened. */
export async function openModel(
  plan: AuditPlan,
  options: Pick<GatherOptions, 'offline' | 'progress' | 'note' | 'signal'> & {
    readonly packBranches?: boolean
    readonly sideBySide?: boolean
  },
): Promise<OpenedModel> {
  return openEngine(plan.model, {
    offline: options.offline,
    signal: options.signal,
    progress: (label) => options.progress(label),
    note: (text) => options.note(text),
    gpu: plan.gpu,
    prefixToken: plan.prefixToken,
    packBranches: options.packBranches === true,
    sideBySide: options.sideBySide === true,
    ...(plan.threads === undefined ? {} : { threads: plan.threads }),
    ...(plan.window === undefined ? {} : { contextLength: plan.window }),
    ...(plan.tokenizer === undefined ? {} : { tokenizer: plan.tokenizer }),
  })
}

/**
 * Gather all evidence of a plan into a folder. Work that takes long is journaled item by item, so that `resume`
 * repeats none of it; the manifest comes last, so half an evidence folder is never judged.
 *
 * @param onReady  told evaluations and logs, which no model is asked for, once they are read; then all of the config's sources
 *   with the cost and the answers, which are gathered as early as they can be: what takes longest to judge waits for them
 */
export async function gather(
  plan: AuditPlan,
  options: GatherOptions,
  onReady: (evidence: Partial<EvidenceByKind>) => void = () => {},
): Promise<void> {
  requireWritableFolder(options.evidence)
  const random = createRandom(plan.seed)
  const sample = await samplePassages(plan.domains, random.derive('sample'), {
    full: plan.full,
    ...(plan.limit === undefined ? {} : { limit: plan.limit }),
    ...(plan.textColumn === undefined ? {} : { column: plan.textColumn }),
    progress: options.progress,
  })
  noteReading(sample, options.note)
  const io: GatherIo = {
    random,
    resume: options.resume,
    signal: options.signal,
    asked: askedOf(plan),
    journalPath: (kind) => join(options.evidence, 'journal', `${kind}.jsonl`),
    progress: options.progress,
    note: options.note,
  }
  requireSameScoring(io, sample.passages)
  const sources = await readSources(plan, onReady, options.note)
  const vector = plan.salience === undefined ? undefined : await readyVector(plan.salience)
  const heldOut = { passages: sample.passages, window: plan.window }
  const shots = await planShots(plan, random)
  const benchmarks = await planBenchmarks(plan, random, options)
  const model = await openModel(plan, options)
  try {
    options.note(describe(model))
    requireSameScoring(io, sample.passages, { model, window: plan.window })
    if (plan.knowledge !== undefined)
      await requireSameQuestions(model, plan.knowledge, io, perRelationOf(plan, plan.knowledge))
    if (vector !== undefined) requireSameReading(io, model, vector, heldOut)
    requireSameBenchmarks(model, benchmarks, io)
    // Only now: what is refused leaves the folder as it was, with the manifest of a whole audit.
    const writer = new EvidenceWriter(options.evidence)
    for (const kind of Object.keys(sources) as EvidenceKind[]) await writeKind(writer, sources, kind)
    await writer.write('model', model.evidence)
    await writer.write('engineCheck', await requireSoundEngine(model, random, options.note))
    const cost = await gatherCost(model, plan.pricePerMillionTokens)
    if (cost !== undefined) await writer.write('cost', cost)
    const { knowledge } = plan
    if (knowledge !== undefined || shots !== undefined || benchmarks.length > 0)
      await packed(plan, model, options, async (asked) => {
        if (knowledge !== undefined) {
          const answers = await gatherKnowledge(asked, knowledge, io, perRelationOf(plan, knowledge))
          onReady({ ...sources, cost, answers })
          await writer.write('answers', answers)
        }
        if (shots !== undefined) await writer.write('adaptation', await gatherAdaptation(asked, shots, io))
        if (benchmarks.length > 0) await writer.write('choices', await gatherChoices(asked, benchmarks, io))
      })
    await writer.write(
      'tokenizer',
      await gatherTokenizer(model.tokenizer, sample.passages, plan.parallel, io),
    )
    const surprisal = await gatherSurprisal(model, sample, plan.domains, plan.window, io)
    await writer.write('surprisal', surprisal)
    if (vector !== undefined)
      await writer.write('salience', await gatherSalience(model, vector, io, { ...heldOut, surprisal }))
    writer.finish({
      assay: VERSION,
      seed: plan.seed,
      inputs: inputsOf(plan, benchmarks, model.evidence),
      judging: {
        gates: plan.gates,
        references: plan.references,
        ...(plan.baseline === undefined ? {} : { baseline: plan.baseline }),
      },
      notMeasured: [],
    })
  } finally {
    await model.close()
  }
}

/** What the user chose and the texts and facts show alone: said when resuming is refused. */
function askedOf({ seed, limit, full, textColumn }: AuditPlan): Settings {
  return { seed, limit: limit ?? null, full, 'text column': textColumn ?? null }
}

function perRelationOf(plan: AuditPlan, { limitPerRelation }: KnowledgeSources): number | undefined {
  return limitPerRelation ?? plan.limit
}

/** Weights as they were trained: evaluated in other company their numbers move by rounding alone. */
const NOT_QUANTISED = new Set(['F32', 'F16', 'BF16'])

/**
 * Facts and tasks are asked on a model of their own that packs branches where the weights are not quantised, which is two to
 * three times as fast (docs/decisions/0069); on quantised ones that would move scores by up to .2 nats.
 */
async function packed(
  plan: AuditPlan,
  model: OpenedModel,
  options: GatherOptions,
  ask: (asked: OpenedModel) => Promise<void>,
): Promise<void> {
  if (!NOT_QUANTISED.has(model.evidence.quantization ?? '')) return ask(model)
  const asked = await openModel(plan, { ...options, packBranches: true })
  try {
    await ask(asked)
  } finally {
    await asked.close()
  }
}

/** Every file that numbers came from, with its hash; the files of a domain under one. */
function inputsOf(plan: AuditPlan, benchmarks: readonly BenchmarkPlan[], model: ModelEvidence): Input[] {
  const { evaluations, gain, knowledge, salience, trainingLogs, contamination, corpus, adaptability } = plan
  const domains = plan.domains.map(({ domain, files }) => ({
    path: `${domain}: ${files.length === 1 ? documentName(files[0]) : `${files.length} files`}`,
    sha256: sha256(
      hashInputs(files)
        .map((input) => input.sha256)
        .join(),
    ),
  }))
  const sources = [
    ...trainingLogs,
    ...contamination,
    ...(corpus === undefined ? [] : [corpus.profile]),
    ...(evaluations?.files ?? []),
    ...(adaptability?.tasks ?? []),
    ...new Set(benchmarks.map(({ task }) => task.path)),
    ...(knowledge === undefined ? [] : [knowledge.facts, ...knowledge.answers]),
    ...(knowledge?.counts === undefined ? [] : [knowledge.counts]),
    ...(salience === undefined ? [] : [salience.vector]),
    ...(gain === undefined ? [] : [...gain.pretrained, ...gain.scratch]),
    ...(gain?.contamination === undefined ? [] : [gain.contamination]),
  ]
  return [
    ...modelInput(plan.model.startsWith('hf:') ? plan.model : documentName(plan.model), model),
    ...domains,
    ...hashInputs(sources).map(({ path, sha256 }) => ({ path: documentName(path), sha256 })),
    ...benchmarks.map(({ task }) => ({ path: `${task.name}: items`, sha256: task.itemsSha256 })),
  ]
}

/**
 * What the config names beside the model: read first, so that a wrong path fails before anything is scored; evaluations and
 * logs, which take longest to judge and ask for nothing else, before the rest.
 */
async function readSources(
  { trainingLogs, evaluations, knowledge, gain, contamination, corpus }: AuditPlan,
  onReady: (evidence: Partial<EvidenceByKind>) => void,
  note: (text: string) => void,
): Promise<Partial<EvidenceByKind>> {
  const judgedAlone = {
    ...(trainingLogs.length === 0 ? {} : { trainingLog: await gatherTrainingLog(trainingLogs) }),
    ...(evaluations === undefined ? {} : { evaluations: await gatherEvaluations(evaluations) }),
  }
  onReady(judgedAlone)
  const counts = knowledge === undefined ? undefined : await gatherFactCounts(knowledge, note)
  return {
    ...judgedAlone,
    ...(counts === undefined ? {} : { factCounts: counts }),
    ...(gain === undefined ? {} : { gain: await gatherGain(gain) }),
    ...(corpus === undefined ? {} : { corpus: await gatherCorpus(corpus) }),
    ...(contamination.length === 0 ? {} : { contamination: await gatherContamination(contamination, note) }),
  }
}

async function writeKind<Kind extends EvidenceKind>(
  writer: EvidenceWriter,
  evidence: Partial<EvidenceByKind>,
  kind: Kind,
): Promise<void> {
  const value = evidence[kind]
  if (value !== undefined) await writer.write(kind, value as EvidenceByKind[Kind])
}

/** One line on what was opened. */
function describe({ evidence, settings }: OpenedModel): string {
  const { name, params, quantization, contextLength } = evidence
  const facts = [
    params === undefined ? 'unknown size' : `${formatParams(params)} parameters`,
    quantization ?? 'unknown quantisation',
    `context ${contextLength ?? 'unknown'}`,
    `engine ${settings.engine}`,
  ]
  return `${name}: ${facts.join(', ')}`
}
