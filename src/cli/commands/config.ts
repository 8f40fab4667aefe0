import { existsSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import type { Command } from 'commander'
import { stringify } from 'yaml'
import { planAudit, readConfig, writeFileAtomic } from '../../audit/index.js'
import { counted } from '../../core/index.js'
import { checkReference } from '../../engines/index.js'
import { raise } from '../errors.js'
import { TOKENIZER_OPTION } from '../prefix-token.js'
import { addCommand } from '../run.js'

const DEFAULT_CONFIG = 'assay.yaml'

/** A model that the config names: a file, a folder, a server; its tokenizer, where a server's is meant. */
interface Named {
  readonly model?: string
  readonly tokenizer?: string
}

const UNNAMED = `# What to audit; left out, the model that ships with Assay. One of:
# model: path/to/model.gguf
# model: runs/7b/checkpoint-12000     # a checkpoint folder: config.json, *.safetensors, its tokenizer
# model: hf:org/name@step3000         # a checkpoint on the Hub, at a branch, tag or commit
# model: hf:org/repo/file.gguf
# Or a server (vLLM, SGLang), with the tokenizer of the model that it serves; its key, if any, in $ASSAY_API_KEY.
# model: http://localhost:8000/v1
# tokenizer: hf:org/name
`

function namedModel({ model, tokenizer }: Named): string {
  if (model === undefined && tokenizer === undefined) return UNNAMED
  const isServer = /^https?:/.test(model ?? '')
  const needed = isServer && tokenizer === undefined ? '# tokenizer: hf:org/name, or a folder with it\n' : ''
  return `# What to audit${isServer ? ', through its server; its key, if any, in $ASSAY_API_KEY' : ''}.
${stringify({ model, tokenizer })}${needed}`
}

/** What `assay init` writes; it validates as it stands (tested). */
export const template = (
  named: Named,
): string => `# Assay config. Check it with: assay validate ${DEFAULT_CONFIG}
${namedModel(named)}
# Held-out text of your own, beside the texts that ship: name → glob or list of globs.
# domains:
#   contracts: docs/contracts/*.txt

# Score the texts that ship with Assay, too.
default_texts: true

# Documents per domain; left out, a balanced sample of at most 60k tokens. full: true scores everything.
# limit: 20
full: false

# engine:
#   threads: 2
#   gpu: auto

# price_per_million_tokens: 0.10

# Logs of the training run, results of smaller runs, facts to ask: each adds its section to the report.
# training_logs: runs/7b/trainer_state.json
# evaluations:
#   files: [results/*.json]
#   params: 7e9
#   tokens: 2e12
# knowledge:
#   facts: facts.jsonl
#   counts: counts.tsv
# Two arms that were fine-tuned alike, one from random weights: what pre-training bought (examples/gain makes them).
# gain:
#   pretrained: arms/pretrained
#   scratch: arms/scratch
# What it learns from its context: your tasks beside made-up rules; adaptability: false leaves it out.
# adaptability:
#   tasks: tasks/*.jsonl
# Benchmark tasks to score: those that ship, or task YAMLs of lm-evaluation-harness.
# tasks: [sentence-completion, {task: arc_easy, data: arc_easy.jsonl, shots: 5, limit: 500}]
# Benchmarks to read from the losses, by a vector of assay salience --save; text left out: the texts that ship.
# salience:
#   vector: salience.json
#   text: {code: texts/code/*.py}

# Evidence of an earlier audit, for max_drop and max_relative_drop.
# baseline: evidence-before

# A gate is decided on the confidence bound. critical gates decide the verdict.
gates:
  - metric: engine-check.passed
    tier: critical
    min: 1
  - metric: held-out-loss.macro
    tier: critical
    max: 1.2
  - metric: tokenizer-efficiency.gini
    tier: advisory
    max: 0.4
`

export function addInit(program: Command): void {
  addCommand<Named & { force?: boolean }>(program, {
    name: 'init [file]',
    description: `write a commented config (default ${DEFAULT_CONFIG})`,
    example: 'assay init',
    configure: (command) =>
      command
        .option('--model <model>', 'what it audits: a file, a checkpoint folder, hf:org/name, a server')
        .option(...TOKENIZER_OPTION)
        .option('--force', 'overwrite an existing file'),
    run: async (args, options, io) => {
      const path = args[0] ?? DEFAULT_CONFIG
      if (options.model?.trim() === '') throw raise('bad-option', 'found an empty name', { field: '--model' })
      if (existsSync(path) && options.force !== true)
        throw raise('bad-option', 'the file exists; --force overwrites it', { path })
      // Paths of a config are those of its folder.
      const model =
        options.model !== undefined && existsSync(options.model)
          ? relative(dirname(path), options.model)
          : options.model
      writeFileAtomic(path, template({ ...options, model }))
      return {
        json: { schema: 'assay/init@1', seed: io.seed, inputs: [], findings: [], config: path },
        text: `Wrote ${path}. Edit it, then: assay validate ${path} && assay audit ${path}`,
        exitCode: 0,
      }
    },
  })
}

export function addValidate(program: Command): void {
  addCommand<object>(program, {
    name: 'validate [config]',
    description: 'check a config without running anything',
    example: 'assay validate assay.yaml',
    configure: (command) => command,
    run: async (args, _options, io) => {
      const path = args[0] ?? DEFAULT_CONFIG
      const { config } = readConfig(path)
      const plan = planAudit(path, {
        ...(io.givenSeed === undefined ? {} : { seed: io.givenSeed }),
        domains: [],
      })
      await checkReference(plan.model)
      return {
        json: {
          schema: 'assay/validate@1',
          seed: plan.seed,
          inputs: [],
          findings: [],
          config,
          domains: plan.domains.map((d) => d.domain),
        },
        text: `${path} is valid: model ${plan.model}, ${counted(plan.domains.length, 'domain')}, ${counted(plan.gates.length, 'gate')}.`,
        exitCode: 0,
      }
    },
  })
}
