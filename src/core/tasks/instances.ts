import { furtherFaults, type Place } from '../errors.js'
import { raise } from './errors.js'
import { ItemFault, shown, textOf } from './fields.js'
import { askedTurn, type Reading, readTurn, shownTurn } from './prompt.js'
import { isList, type PyValue, pythonStr } from './python/value.js'
import { FEWSHOT_SEED, shotSampler } from './shots.js'
import type { Task, TaskDocument, TaskForm, TaskInstance, TaskRequest } from './task.js'

/** How a task is asked. */
export interface InstanceOptions {
  /** Examples before each question; the definition's `num_fewshot` where left out. */
  readonly shots?: number
  /** Rows from the first on; all where left out. */
  readonly limit?: number
  /** Of the examples' draws; {@link FEWSHOT_SEED} where left out. */
  readonly seed?: number
  /** Which of `task.templates`; 0 where left out. */
  readonly template?: number
  /** One draw of examples for all rows, or one each as lm-evaluation-harness does (where left out). */
  readonly draw?: 'each' | 'once'
}

/** More bad rows than this are counted, not listed. */
const MAX_LISTED = 20

/** Numbers of the right choices. */
function goldOf(target: PyValue, choices: readonly string[], field: string): readonly number[] {
  const told = isList(target) ? target : [target]
  if (told.length === 0) throw new ItemFault(field, 'no choice is right')
  return told.map((one) => {
    const at = typeof one === 'string' ? choices.indexOf(one) : one
    if (typeof at === 'number' && Number.isInteger(at) && at >= 0 && at < choices.length) return at
    throw new ItemFault(
      field,
      `found ${shown(one)}, expected 0 to ${choices.length - 1}${typeof one === 'string' ? " or a choice's text" : ''}`,
    )
  })
}

const text = (value: PyValue, field: string): string => {
  if (typeof value === 'string' && value !== '') return value
  throw new ItemFault(field, `found ${shown(value)}, expected text that is not empty`)
}

/** The part of an instance that its form and row tell, behind what was shown before. */
type Asked = Pick<TaskInstance, 'requests' | 'choices' | 'gold' | 'unconditioned' | 'generation' | 'target'>

const NOTHING_CHOSEN = { choices: [], gold: [], unconditioned: [] }

function multipleChoice(before: string, reading: Reading, { asked }: TaskForm): Asked {
  const { choices, target, prefix } = reading
  const field = asked.target?.name ?? 'doc_to_target'
  if (choices === null) throw new ItemFault('doc_to_choice', 'it is missing, and multiple_choice needs it')
  const contextOf = (question: string): string =>
    before + askedTurn(question, prefix, typeof reading.text === 'number' ? '' : asked.targetDelimiter)
  const continuationOf = (answer: string): string => asked.targetDelimiter + answer
  if (typeof reading.text === 'number') {
    const gold = goldOf(reading.text, choices, asked.text.name)
    const continuation = continuationOf(text(target, field))
    const requests = choices.map((choice): TaskRequest => ({ context: contextOf(choice), continuation }))
    return { requests, choices, gold, unconditioned: [], target }
  }
  const context = contextOf(reading.text)
  const requests = choices.map((choice): TaskRequest => ({ context, continuation: continuationOf(choice) }))
  return {
    requests,
    choices,
    gold: goldOf(target, choices, field),
    unconditioned: requests.map(({ continuation }) => ({ context: '', continuation })),
    target,
  }
}

/** What is asked about a row, behind a description and examples. */
function ask(task: Task, form: TaskForm, document: TaskDocument, before: string): Asked {
  const { asked } = form
  const reading = readTurn(asked, document)
  if (task.output === 'multiple_choice') return multipleChoice(before, reading, form)
  const field = asked.target?.name ?? 'doc_to_target'
  if (task.output === 'loglikelihood_rolling') {
    const continuation = text(reading.target, field)
    return { ...NOTHING_CHOSEN, requests: [{ context: '', continuation }], target: continuation }
  }
  const question = reading.text
  if (typeof question === 'number') throw new ItemFault(asked.text.name, `found ${question}, expected text`)
  const context = before + askedTurn(question, reading.prefix, asked.targetDelimiter)
  if (task.output === 'loglikelihood') {
    const continuation = text(reading.target, field)
    return { ...NOTHING_CHOSEN, requests: [{ context, continuation }], target: continuation }
  }
  const { target, choices } = reading
  const targets =
    choices !== null
      ? goldOf(target, choices, field).map((at) => choices[at]!)
      : (isList(target) ? target : [target]).map(pythonStr)
  if (targets.length === 0 || target === null) throw new ItemFault(field, 'there is no right answer')
  const generation = { ...task.definition.generation!, context, targets }
  return { ...NOTHING_CHOSEN, requests: [], generation, target }
}

/** Runs `make` over rows and raises all that are faulty at once. */
function collect<T>(documents: readonly TaskDocument[], make: (document: TaskDocument) => T): T[] {
  const faults: { place: Place; message: string }[] = []
  const made = documents.flatMap((document) => {
    try {
      return [make(document)]
    } catch (fault) {
      if (!(fault instanceof ItemFault)) throw fault
      const { path, line } = document
      faults.push({ place: { path, line, field: fault.field }, message: fault.message })
      return []
    }
  })
  const [first, ...rest] = faults
  if (first === undefined) return made
  throw raise('bad-item', `${first.message}${furtherFaults(rest, MAX_LISTED)}`, first.place)
}

/**
 * Everything that a task asks, row by row: contexts and continuations equal to those that lm-evaluation-harness 0.4.13
 * builds from the same definition and rows, character for character (docs/methods/tasks.md).
 *
 * @throws {AssayError} `task/bad-item` with every bad row up to a cap, `task/template`, `task/too-few-shots`, `task/no-items`
 */
export function instancesOf(task: Task, options: InstanceOptions = {}): TaskInstance[] {
  const { shots = task.numFewshot, limit, seed = FEWSHOT_SEED, template = 0, draw = 'each' } = options
  const form = task.definition.forms[template]
  if (form === undefined)
    throw raise(
      'bad-field',
      `there are ${task.templates.length} templates, number ${template} is none of them`,
      {
        path: task.path,
        field: 'templates',
      },
    )
  const sample = shotSampler(task, shots, seed, draw === 'once')
  const examples = new Map<number, string>()
  const example = (at: number): string => {
    const written = examples.get(at) ?? collect([task.pool![at]!], (row) => shownTurn(form.shown, row))[0]!
    examples.set(at, written)
    return written
  }
  return collect(task.documents.slice(0, limit), (document) => {
    const shown = sample(document)
    const description = textOf(form.description, document)
    const { cluster } = task.definition
    return {
      document,
      description,
      shots: shown,
      leaks: shown.some((at) => task.pool![at]!.hash === document.hash),
      ...ask(task, form, document, description + shown.map(example).join('')),
      ...(cluster === null ? {} : { cluster: textOf(cluster, document) }),
    }
  })
}
