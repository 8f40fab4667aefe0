import { join } from 'node:path'
import { type Command, Option } from 'commander'
import {
  type DomainSource,
  defaultTexts,
  gatherSurprisal,
  hashInputs,
  modelInput,
  noteReading,
  openModel,
  othersThan,
  parseDomains,
  planAudit,
  readReferences,
  requireSoundEngine,
  samplePassages,
  writeSpans,
} from '../../audit/index.js'
import {
  counted,
  createRandom,
  DEFAULT_LEVEL,
  estimateToJson,
  type Result,
  SPAN_UNITS,
  type SpanUnit,
  type SurprisalEvidence,
} from '../../core/index.js'
import type { KnownItems } from '../../ingest/index.js'
import { heldOutLoss, measureHeldOutLoss, modelFindings } from '../../probes/index.js'
import { evidenceOf, readTable, withCleanPart } from '../clean-part.js'
import { raise } from '../errors.js'
import { interruptSignal } from '../interrupt.js'
import { type ModelOptions, withModelOptions } from '../model-options.js'
import { pairsOf, parsePositive } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { addCommand } from '../run.js'
import { scratchFolder } from '../scratch.js'

interface LossOptions extends ModelOptions {
  readonly window?: number
  readonly limit?: number
  readonly sample?: boolean
  readonly columns?: Readonly<Record<string, string>>
  readonly contamination?: string
  readonly spans?: string
  readonly unit: SpanUnit
  readonly checkpoint: string
  readonly output?: string[]
}

/** `name=glob` and bare files; without any, the texts that ship. */
function textsOf(args: readonly string[]): DomainSource[] {
  return args.length === 0 ? defaultTexts().domains : parseDomains(args)
}

type Loss = ReturnType<typeof measureHeldOutLoss>

function domainToJson(d: Loss['domains'][number]) {
  return {
    domain: d.domain,
    documents: d.documents,
    bytes: d.bytes,
    tokens: d.tokens,
    bitsPerByte: estimateToJson(d.bitsPerByte),
    bytePerplexity: estimateToJson(d.bytePerplexity),
    wordPerplexity: estimateToJson(d.wordPerplexity),
  }
}

/** The loss of the documents that do not stand in the training corpus. */
function measureClean(
  known: KnownItems,
  surprisal: SurprisalEvidence,
  measure: (own: SurprisalEvidence) => Loss,
) {
  const documents = surprisal.documents.filter((d) => known.isClean(d.domain, d.document))
  const { domains, macro } = measure({ ...surprisal, documents })
  return {
    documents: documents.length,
    ...known.count(surprisal.documents.map((d) => [d.domain, d.document] as const)),
    domains: domains.map(domainToJson),
    macro: estimateToJson(macro),
  }
}

export function addLoss(program: Command): void {
  addCommand<LossOptions>(program, {
    name: 'loss <model> [text...]',
    description: 'held-out loss by domain: TEXT is a file, a glob or name=glob; none = the texts that ship',
    example: 'assay loss models/assay-ladder-25k texts/literature/*.txt --sample',
    configure: (command) =>
      withModelOptions(
        command
          .option('--window <n>', 'tokens a window (default: the context, at most 2048)', parsePositive)
          .option('--limit <n>', 'documents per domain', parsePositive)
          .option('--sample', 'score a balanced sample as an audit does, instead of whole files')
          .option('--columns <map>', 'text=FIELD: the field that holds the text of records', pairsOf('text'))
          .option(
            '--contamination <table>',
            'of assay corpus contamination --texts: the loss of the clean documents beside that of all (JSON clean)',
          )
          .option('--spans <file>', 'write the loss of every span as Parquet, for assay salience')
          .addOption(
            new Option('--unit <unit>', 'what a span is')
              .choices(SPAN_UNITS)
              .default('chunk' satisfies SpanUnit),
          )
          .option('--checkpoint <name>', 'checkpoint of the model that the spans are marked with', '')
          .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
      ),
    writes: ({ spans }) => [spans],
    run: async ([model, ...texts], options, io) => {
      if (options.spans !== undefined && !options.spans.endsWith('.parquet'))
        throw raise('bad-option', `found "${options.spans}", expected a file whose name ends in .parquet`, {
          field: '--spans',
        })
      const lookUp = await readTable(options.contamination)
      const domains = textsOf(texts)
      const plan = planAudit(model, { seed: io.seed, domains: [], ...options })
      const random = createRandom(io.seed)
      const sample = await samplePassages(domains, random.derive('sample'), {
        full: options.sample !== true,
        ...(options.limit === undefined ? {} : { limit: options.limit }),
        ...(options.columns?.text === undefined ? {} : { column: options.columns.text }),
        progress: io.progress,
      })
      noteReading(sample, io.note)
      const known = lookUp?.(sample.passages.map((p) => [p.domain, p.document] as const))
      const signal = interruptSignal(io.note)
      const scored = await openModel(plan, {
        offline: options.offline === true,
        progress: io.progress,
        note: io.note,
        signal,
      })
      const scratch = scratchFolder('loss')
      try {
        const check = await requireSoundEngine(scored, random, io.note)
        const surprisal = await gatherSurprisal(scored, sample, domains, options.window, {
          random,
          resume: false,
          signal,
          journalPath: (kind) => join(scratch.path, `${kind}.jsonl`),
          progress: io.progress,
          note: io.note,
        })
        const context = {
          random: random.derive(heldOutLoss.id),
          level: DEFAULT_LEVEL,
          references: othersThan(await readReferences(), { model: scored.evidence, surprisal }),
        }
        const { domains: measured, macro } = measureHeldOutLoss(surprisal, context)
        const judged = withCleanPart(
          heldOutLoss.judge({ surprisal, model: scored.evidence, ...evidenceOf(known) }, context),
          known,
          { surprisal },
          context,
        )
        const inputs = [...modelInput(model, scored.evidence), ...hashInputs(domains.flatMap((d) => d.files))]
        const result: Result = {
          schema: 'assay/loss@1',
          title: `Held-out loss of ${scored.evidence.name}`,
          summary: judged.sections[0].answer,
          seed: io.seed,
          inputs,
          model: scored.evidence,
          gates: [],
          ...judged,
          findings: [...modelFindings(check.model), ...judged.findings],
          provenance: [{ label: 'engine', value: surprisal.protocol.engine }],
          notMeasured: [],
        }
        if (options.spans !== undefined) {
          const named = { model: scored.evidence.name, checkpoint: options.checkpoint }
          const rows = await writeSpans(options.spans, named, sample, surprisal, options.unit)
          io.note(`Wrote ${options.spans}: ${counted(rows, 'span')} (${options.unit})`)
        }
        return outcomeOf(result, io, {
          exitCode: 0,
          files: options.output,
          own: {
            domains: measured.map(domainToJson),
            macro: estimateToJson(macro),
            ...(known === undefined
              ? {}
              : { clean: measureClean(known, surprisal, (own) => measureHeldOutLoss(own, context)) }),
            read: sample.read,
            protocol: surprisal.protocol,
          },
        })
      } finally {
        await scored.close()
        scratch.release()
      }
    },
  })
}
