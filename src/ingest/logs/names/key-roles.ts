import type { ColumnName } from '../recorder/recorder.js'
import { fieldOf } from './column-names.js'

/** What a number of a free-text line is, by the words in front of it. */
export type Role = ColumnName | 'step' | 'planned' | 'epoch' | 'other'

const SEPARATORS = /["'`\s:=~(<|[{]*$/
const PHRASE_ENDS = /[,|;:=(){}[\]<>"'`\t]| - /
const HELD_OUT = /^(?:val|valid|validation|eval|evaluation|test|dev|heldout)$/
/** Words that may stand before `loss` without making it another loss. */
const HARMLESS =
  /^(?:train|training|lm|total|reduced|mean|avg|average|current|batch|step|global|main|model|language|modeling|modelling|token|cross|entropy|ce|nll|the|at|and|with|got|is|has|of|on|in|by|info|debug|warning|iter|iteration|completed|minibatch|epoch)$/
const STEP_WORDS =
  /^(?:global_?step|train_?step|training_?step|optimizer_?step|iteration|iter|step|update|steps|iters|iterations|updates|num_updates|it|batch)$/
/** `total steps: 1000` and the like say how long the run will be, not where it is. */
const NOT_A_STEP =
  /^(?:max|total|num|warmup|decay|save|eval|val|valid|validation|test|every|per|accumulation|logging|log|remaining|of|for|from|last|next|first|skipped|nan)$/

/** Words of the phrase that names a number: what stands before it, back to the last punctuation. */
export function wordsBefore(label: string): string[] {
  const phrase =
    label
      .replace(/\btensor\($/, '')
      .replace(SEPARATORS, '')
      .split(PHRASE_ENDS)
      .at(-1) ?? ''
  return phrase
    .toLowerCase()
    .split(/[\s#*]+/)
    .filter((w) => /[a-z]/.test(w))
}

function stepRole(words: readonly string[]): boolean {
  const last = words.at(-1)
  return last !== undefined && STEP_WORDS.test(last) && !NOT_A_STEP.test(words.at(-2) ?? '')
}

/** A loss is one only if no word before it makes it another (`aux loss`, `kl loss`, `best loss`). */
function lossRole(words: readonly string[], isHeldOut: boolean): Role {
  const parts = words.join(' ').split(/[\s_/.-]+/)
  const at = parts.lastIndexOf('loss')
  const after = parts.slice(at + 1)
  const before = parts.slice(0, at)
  if (after.some((w) => !/^(?:train|training|val|validation|eval|value|is|was|at|of|step|avg|mean)$/.test(w)))
    return 'other'
  const kinds = [...before, ...after]
  if (before.some((w) => !HARMLESS.test(w) && !HELD_OUT.test(w))) return 'other'
  return isHeldOut || kinds.some((w) => HELD_OUT.test(w)) ? 'validationLoss' : 'loss'
}

/**
 * What the number behind a label is. `isHeldOut` = earlier words of the line speak of an evaluation.
 */
export function roleOf(label: string, isHeldOut: boolean): Role {
  const words = wordsBefore(label)
  if (words.length === 0) return 'other'
  const name = words.join(' ')
  // First the step: `validation loss at step` 10.
  if (stepRole(words)) return 'step'
  if (/(?:^|[^a-z])loss(?:$|[^a-z])/.test(name)) return lossRole(words, isHeldOut)
  if (words.at(-1) === 'epoch') return 'epoch'
  for (let from = 0; from < words.length; from++) {
    const field = fieldOf(words.slice(from).join(' '))?.field
    if (field === undefined || field === 'step' || field === 'loss' || field === 'validationLoss') continue
    // `param norm` and `kl lr` are others' norms and rates.
    if (from > 0 && !words.slice(0, from).every((w) => HARMLESS.test(w) || stepLike(w))) return 'other'
    return field
  }
  return 'other'
}

function stepLike(word: string): boolean {
  return STEP_WORDS.test(word)
}
