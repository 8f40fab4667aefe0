import { type Command, Option } from 'commander'
import { hashInputs, nearest } from '../../audit/index.js'
import {
  createRandom,
  DEFAULT_LEVEL,
  DEFAULT_RESAMPLES,
  type FitByName,
  type FitRequest,
  FORMS,
  fitByName,
  inputQuantity,
  type ScalingForm,
  type ScalingInput,
  splitsBudget,
} from '../../core/index.js'
import { quantity, readFitTable } from '../../ingest/index.js'
import { raise } from '../errors.js'
import { parseCount, parseNumber, parsePairs, parseShare, shareFrom } from '../option-values.js'
import { collect, outcomeOf } from '../output.js'
import { requireResamples } from '../resamples.js'
import { addCommand } from '../run.js'
import { fitJson } from './fit-json.js'
import { fitResult } from './fit-result.js'

interface FitCliOptions {
  readonly at?: Readonly<Record<string, string>>
  readonly budget?: number
  readonly columns?: Readonly<Record<string, string>>
  readonly where?: Readonly<Record<string, string>>
  readonly chance?: number
  readonly level: number
  readonly resamples: number
  readonly output?: readonly string[]
}

/** Every form with its equation and the columns that it reads, a line each. */
function listOfForms(): string {
  const width = Math.max(...FORMS.map((form) => form.id.length))
  return FORMS.map(
    (form) =>
      `  ${form.id.padEnd(width)}  ${form.equation}  (${form.inputs.map((i) => inputQuantity(i).name).join(', ')})`,
  ).join('\n')
}

function formOf(id: string): ScalingForm {
  const form = FORMS.find((f) => f.id === id)
  if (form !== undefined) return form
  const meant = nearest(
    id,
    FORMS.map((f) => f.id),
  )
  throw raise(
    'bad-option',
    `found "${id}", expected one of the forms${meant === undefined ? '' : ` (did you mean "${meant}"?)`}\n${listOfForms()}`,
    { field: 'FORM' },
  )
}

/** Whether anything that was asked for could be estimated; where nothing was asked, whether a parameter was. */
function isAnswered({ at, optimum, parameters }: FitByName, request: FitRequest): boolean {
  if (at.kind === 'estimate' || optimum?.params.kind === 'estimate') return true
  return request.at === null && request.budget === null && parameters.some((p) => p.identified)
}

/** `--at params=7e9,tokens=2e12` as values of the form's inputs. */
function placeOf(form: ScalingForm, given: Readonly<Record<string, string>>): Map<ScalingInput, number> {
  const names = form.inputs.map((input) => inputQuantity(input).name)
  const sizes = ['params', 'tokens']
  const known = names.includes('flops') ? [...names, ...sizes.filter((s) => !names.includes(s))] : names
  const values = new Map<string, number>()
  for (const [name, text] of Object.entries(given)) {
    if (!known.includes(name))
      throw raise(
        'bad-option',
        `found "${name}", expected ${known.join(', ')}, which is what ${form.id} depends on`,
        { field: '--at' },
      )
    const value = quantity(text)
    const input = form.inputs.find((i) => inputQuantity(i).name === name)
    const { accepts, expected } = inputQuantity(input ?? 'params')
    if (!Number.isFinite(value) || !accepts(value))
      throw raise('bad-option', `found ${name}=${text}, expected ${expected}`, { field: '--at' })
    values.set(name, value)
  }
  const [params, tokens] = sizes.map((name) => values.get(name))
  if (!values.has('flops') && params !== undefined && tokens !== undefined)
    values.set('flops', 6 * params * tokens)
  return new Map(
    form.inputs.flatMap((input) => {
      const value = values.get(inputQuantity(input).name)
      return value === undefined ? [] : [[input, value] as const]
    }),
  )
}

/** A value needs every input; a split needs those that are neither parameters nor tokens. */
function requirePlace(
  form: ScalingForm,
  at: ReadonlyMap<ScalingInput, number>,
  needed: readonly ScalingInput[],
): void {
  const missing = needed.filter((input) => !at.has(input)).map((input) => inputQuantity(input).name)
  if (missing.length > 0)
    throw raise('bad-option', `${form.id} depends on ${missing.join(', ')} too: give all of its inputs`, {
      field: '--at',
    })
}

function requireOptions(form: ScalingForm, { budget, resamples }: FitCliOptions): void {
  if (budget !== undefined && !(budget > 0))
    throw raise('bad-option', `found ${budget}, expected FLOPs above 0`, { field: '--budget' })
  if (budget !== undefined && !splitsBudget(form))
    throw raise('bad-option', `${form.id} is no law in parameters and tokens: there is nothing to split`, {
      field: '--budget',
    })
  requireResamples(resamples)
}

export function addFit(program: Command): void {
  addCommand<FitCliOptions>(program, {
    name: 'fit <form> <table>',
    description:
      'fit a scaling law to a table of runs: parameters, the value at a place, the best split of a budget',
    example: 'assay fit chinchilla examples/fit/runs.csv --at params=7e9,tokens=2e12 --budget 1e23',
    configure: (command) =>
      command
        .option('--at <name=value>', 'where the law’s value is wanted: params=7e9,tokens=2e12', parsePairs)
        .option(
          '--budget <flops>',
          'training FLOPs to split into parameters and tokens, C = 6·N·D',
          parseNumber,
        )
        .option(
          '--columns <names>',
          'our field=your column, also column*number or column/number (tokens=tokens_B*1e9)',
          parsePairs,
        )
        .option('--where <column=value>', 'fit these rows alone; repeatable', parsePairs)
        .option('--chance <level>', 'level of chance, where the table does not tell', shareFrom(0))
        .addOption(
          new Option('--level <share>', 'confidence level of the intervals')
            .argParser(parseShare)
            .default(DEFAULT_LEVEL),
        )
        .option('--resamples <n>', 'bootstrap resamples', parseCount, DEFAULT_RESAMPLES)
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect)
        .addHelpText(
          'after',
          `\nForms, with the columns that each reads beside what was measured:\n${listOfForms()}`,
        ),
    run: async ([id, path], options, io) => {
      const form = formOf(id)
      requireOptions(form, options)
      const at = options.at === undefined ? null : placeOf(form, options.at)
      const sizes: readonly ScalingInput[] = ['params', 'activeParams', 'tokens']
      const others = form.inputs.filter((input) => !sizes.includes(input))
      const isSplitOnly = options.budget !== undefined && sizes.every((s) => at?.has(s) !== true)
      if (isSplitOnly) requirePlace(form, at ?? new Map(), others)
      else if (at !== null) requirePlace(form, at, form.inputs)
      const { table, notes } = await readFitTable(path, form, {
        columns: options.columns ?? {},
        where: options.where ?? {},
        chance: options.chance ?? null,
      })
      for (const note of notes) io.note(note)
      const request: FitRequest = {
        at,
        budget: options.budget ?? null,
        level: options.level,
        resamples: options.resamples,
      }
      const made = fitByName(form, table, request, createRandom(io.seed).derive('fit'))
      const inputs = hashInputs([path])
      const result = fitResult(made, table, request, { inputs, seed: io.seed, notes })
      return outcomeOf(result, io, {
        exitCode: isAnswered(made, request) ? 0 : 2,
        files: options.output,
        own: fitJson(made, notes),
      })
    },
  })
}
