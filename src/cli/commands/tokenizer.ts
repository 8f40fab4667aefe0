import type { Command } from 'commander'
import {
  defaultTexts,
  domainFromGlobs,
  gatherTokenizer,
  hashInputs,
  noteReading,
  parseDomains,
  samplePassages,
} from '../../audit/index.js'
import { createRandom, DEFAULT_LEVEL, estimateToJson, type Result } from '../../core/index.js'
import { measureTexts, tokenizerEfficiency, usedTypes } from '../../probes/index.js'
import { interruptSignal } from '../interrupt.js'
import { openTokenizer } from '../open-tokenizer.js'
import { pairsOf } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { TOKENIZER_OPTION } from '../prefix-token.js'
import { REVISION_OPTION } from '../revision.js'
import { addCommand } from '../run.js'

interface TokenizerOptions {
  readonly revision?: string
  readonly parallel?: string[]
  readonly columns?: Readonly<Record<string, string>>
  readonly tokenizer?: string
  readonly offline?: boolean
  readonly output?: string[]
}

export function addTokenizer(program: Command): void {
  addCommand<TokenizerOptions>(program, {
    name: 'tokenizer <model> [text...]',
    description:
      'tokenizer efficiency: MODEL is a GGUF, a server or a tokenizer.json; no TEXT = the texts that ship, in all languages',
    example: 'assay tokenizer assay-ladder',
    configure: (command) =>
      command
        .option(
          '--parallel <code=file...>',
          'line-aligned parallel text by language code, `en` being the pivot',
        )
        .option('--columns <map>', 'text=FIELD: the field that holds the text of records', pairsOf('text'))
        .option(...TOKENIZER_OPTION)
        .option('--offline', 'never touch the network')
        .option(...REVISION_OPTION)
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    run: async ([reference, ...texts], options, io) => {
      const signal = interruptSignal(io.note)
      const shipped = defaultTexts()
      const domains = texts.length === 0 ? shipped.domains : parseDomains(texts)
      const named = (options.parallel ?? []).map((pair) => {
        const [code, ...rest] = pair.split('=')
        return { language: code, code, file: domainFromGlobs(code, [rest.join('=')]).files[0] }
      })
      const parallel = named.length > 0 ? named : texts.length === 0 ? shipped.parallel : []
      const random = createRandom(io.seed)
      const sample = await samplePassages(domains, random.derive('sample'), {
        full: true,
        ...(options.columns?.text === undefined ? {} : { column: options.columns.text }),
        progress: io.progress,
      })
      noteReading(sample, io.note)
      const { tokenizer, inputs: own, close } = await openTokenizer(reference, options, io, signal)
      try {
        const evidence = await gatherTokenizer(tokenizer, sample.passages, parallel, {
          random,
          resume: false,
          signal,
          journalPath: () => '',
          progress: io.progress,
          note: io.note,
        })
        const inputs = [
          ...own,
          ...hashInputs([...domains.flatMap((d) => d.files), ...parallel.map((p) => p.file)]),
        ]
        const context = { random: random.derive(tokenizerEfficiency.id), level: DEFAULT_LEVEL }
        const judged = tokenizerEfficiency.judge({ tokenizer: evidence }, context)
        const result: Result = {
          schema: 'assay/tokenizer@1',
          title: `Tokenizer of ${reference}`,
          summary: judged.sections[0].answer,
          seed: io.seed,
          inputs,
          gates: [],
          ...judged,
          provenance: [],
          notMeasured: [],
        }
        const { vocabulary } = evidence
        return outcomeOf(result, io, {
          exitCode: 0,
          files: options.output,
          own: {
            texts: measureTexts(evidence, context.random, context.level).map((t) => ({
              name: t.name,
              ...(t.language === undefined ? {} : { language: t.language }),
              bytesPerToken: estimateToJson(t.bytesPerToken),
              fertility: estimateToJson(t.fertility),
              continuedWords: estimateToJson(t.continuedWords),
              renyiEfficiency: estimateToJson(t.renyiEfficiency[0]),
              renyiEfficiencyAlpha3: estimateToJson(t.renyiEfficiency[1]),
              ...(t.parity === undefined ? {} : { parity: estimateToJson(t.parity) }),
            })),
            read: sample.read,
            vocabulary: {
              size: vocabulary.size,
              used: usedTypes(evidence),
              unreachable: vocabulary.unreachable.length,
              partialUtf8: vocabulary.partialUtf8.length,
            },
          },
        })
      } finally {
        await close()
      }
    },
  })
}
