import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import {
  defaultTexts,
  gatherAdaptation,
  gatherSurprisal,
  hashInputs,
  modelInput,
  openModel,
  planAdaptation,
  planAudit,
  requireSoundEngine,
  SHIPPED_FACTS,
  samplePassages,
  WHOLE,
} from '../../audit/index.js'
import {
  contextCurve,
  createRandom,
  DEFAULT_LEVEL,
  estimateToJson,
  type MeasuredTask,
  measureAdaptation,
  notEstimable,
  type Result,
  withFlatEstimates,
} from '../../core/index.js'
import { readFacts, readTaskItems } from '../../ingest/index.js'
import { adaptability } from '../../probes/index.js'
import { interruptSignal } from '../interrupt.js'
import { type ModelOptions, withModelOptions } from '../model-options.js'
import { collectFiles, parseCount, parsePairs, parsePositive } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { addCommand } from '../run.js'
import { scratchFolder } from '../scratch.js'

const SCHEMA = 'assay/adapt@1'

interface AdaptOptions extends ModelOptions {
  readonly task: readonly string[]
  readonly facts?: readonly string[]
  readonly columns?: Readonly<Record<string, string>>
  readonly lead?: string
  readonly shots?: readonly number[]
  readonly items: number
  readonly draws: number
  readonly limit: number
  readonly output?: readonly string[]
}

/** `0,1,4` → [0, 1, 4]; none is always asked, since what shots add is told from there. */
function parseShots(text: string): number[] {
  const counts = text.split(',').map((part) => parseCount(part.trim() === '' ? '?' : part))
  const shots = [...new Set([0, ...counts])].sort((a, b) => a - b)
  if (shots.length < 2) throw new InvalidArgumentError(`found "${text}", expected numbers such as 1,4,16.`)
  return shots
}

/** A task as it was measured; a control shows its point behind the most shots, its curve beside it. */
function taskJson(task: MeasuredTask): unknown {
  const controls = task.controls.map((control) => ({ ...control.shots.at(-1), ...control }))
  return withFlatEstimates({ ...task, controls })
}

export function addAdapt(program: Command): void {
  addCommand<AdaptOptions>(program, {
    name: 'adapt <model>',
    description:
      'what a model learns from its context alone: shots, controls, made-up rules, false statements',
    example: 'assay adapt assay-ladder --task examples/adapt/verbs.jsonl -o adapt.html',
    configure: (command) =>
      withModelOptions(
        command
          .option(
            '--task <file>',
            'multiple-choice items: query, choices, gold; repeatable',
            collectFiles,
            [],
          )
          .option(
            '--facts <file>',
            'facts for statements against memory; repeatable (default: those that ship)',
            collectFiles,
          )
          .option('--columns <names>', 'our field=your field, for foreign tasks', parsePairs)
          .option('--lead <text>', 'stands behind every query (default: "\\nAnswer:" behind questions)')
          .option('--shots <list>', 'numbers of shots', parseShots)
          .option('--items <n>', 'items asked of each task', parsePositive, WHOLE.items)
          .option('--draws <n>', 'draws of shots, each in an order of its own', parsePositive, WHOLE.draws)
          .option('--limit <n>', 'texts per domain, for the loss by context', parsePositive, 2)
          .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
      ),
    run: async ([reference], options, io) => {
      const given = []
      for (const path of options.task) given.push(await readTaskItems(path, options.columns))
      const factFiles = options.facts ?? SHIPPED_FACTS
      const random = createRandom(io.seed)
      const { items, draws, shots = WHOLE.shots } = options
      const sizes = { ...WHOLE, items, draws, shots, ruleShots: shots }
      const lead = options.lead?.replaceAll('\\n', '\n')
      const plans = planAdaptation(given, readFacts(factFiles), sizes, random.derive('adaptation'), lead)
      const { domains } = defaultTexts()
      const sample = await samplePassages(domains, random.derive('sample'), {
        full: false,
        limit: options.limit,
      })
      const signal = interruptSignal(io.note)
      const plan = planAudit(reference, { seed: io.seed, domains: [], ...options })
      const model = await openModel(plan, {
        offline: options.offline === true,
        sideBySide: true,
        progress: io.progress,
        note: io.note,
        signal,
      })
      const scratch = scratchFolder('adapt')
      try {
        await requireSoundEngine(model, random, io.note)
        const gatherIo = {
          random,
          resume: false,
          signal,
          journalPath: (kind: string) => join(scratch.path, `${kind}.jsonl`),
          progress: io.progress,
          note: io.note,
        }
        const adaptation = await gatherAdaptation(model, plans, gatherIo)
        const surprisal = await gatherSurprisal(model, sample, domains, undefined, gatherIo)
        const context = { random: random.derive(adaptability.id), level: DEFAULT_LEVEL }
        const judged = adaptability.judge({ adaptation, surprisal }, context)
        const { tasks } = measureAdaptation(adaptation, DEFAULT_LEVEL)
        const curve = contextCurve(surprisal, context.random.derive('context'), DEFAULT_LEVEL)
        const estimates = [...tasks.map((task) => task.shots.at(-1)?.accuracy), curve?.gain]
        const inputs = [
          ...modelInput(model.evidence.name, model.evidence),
          ...hashInputs([...options.task, ...factFiles, ...domains.flatMap((d) => d.files)]),
        ]
        const leftOut = tasks.flatMap((t) => t.leftOut.map((why) => ({ what: t.task, why })))
        const result: Result = {
          schema: SCHEMA,
          title: `What ${model.evidence.name} learns from its context`,
          summary: judged.sections[0].answer,
          seed: io.seed,
          inputs,
          model: model.evidence,
          gates: [],
          ...judged,
          provenance: [{ label: 'engine', value: `${model.settings.engine} ${model.settings.version}` }],
          notMeasured: leftOut,
        }
        return outcomeOf(result, io, {
          exitCode: estimates.some((e) => e?.kind === 'estimate') ? 0 : 2,
          files: options.output,
          own: {
            tasks: tasks.map(taskJson),
            contextGain: estimateToJson(curve?.gain ?? notEstimable('no text was scored')),
            contextLoss: (curve?.points ?? []).map(({ positions, loss }) => ({
              ...positions,
              loss: estimateToJson(loss),
            })),
            tokens: adaptation.tokens,
            protocol: { prefixToken: adaptation.prefixToken, prefixChoice: adaptation.prefixChoice },
          },
        })
      } finally {
        await model.close()
        scratch.release()
      }
    },
  })
}
