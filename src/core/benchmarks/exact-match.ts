import type { TaskFilter, TaskGeneration } from '../tasks/index.js'
import { stripped } from '../text/index.js'

/** Python's `string.punctuation`. */
const PUNCTUATION = /[!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]/g

/** Groups of the chosen match: the first that is not empty, else the whole match where there are none. */
function found(text: string, { pattern, group, fallback }: Extract<TaskFilter, { name: 'regex' }>): string {
  const match = [...text.matchAll(new RegExp(pattern, 'gu'))].at(group)
  if (match === undefined) return fallback
  const [whole, ...groups] = match
  if (groups.length < 2) return stripped(groups.length === 0 ? whole : (groups[0] ?? ''))
  return stripped(groups.find((g) => g !== undefined && g !== '') ?? fallback)
}

function filtered(text: string, filter: TaskFilter): string {
  switch (filter.name) {
    case 'take_first':
      return text
    case 'remove_whitespace':
      return stripped(text)
    case 'lowercase':
      return text.toLowerCase()
    case 'uppercase':
      return text.toUpperCase()
    case 'regex':
      return found(text, filter)
  }
}

function plain(text: string, rules: TaskGeneration['exactMatch']): string {
  let out = rules.regexesToIgnore.reduce((kept, pattern) => kept.replace(new RegExp(pattern, 'gu'), ''), text)
  if (rules.ignoreCase) out = out.toLowerCase()
  if (rules.ignorePunctuation) out = out.replace(PUNCTUATION, '')
  return rules.ignoreNumbers ? out.replace(/[0-9]/g, '') : out
}

/** What a task's filters leave of a completion. */
export const filteredAnswer = (completion: string, filters: readonly TaskFilter[]): string =>
  filters.reduce(filtered, completion)

/**
 * Whether what a model wrote is one of the targets, after the task's filters and what its rules leave out.
 *
 * Source: lm-evaluation-harness 0.4.13, `RegexFilter`, `WhitespaceFilter`, `exact_match_hf_evaluate`.
 * Patterns are Python's, rewritten when the task was read (docs/methods/tasks.md#templates).
 */
export function exactMatch(
  completion: string,
  targets: readonly string[],
  { filters, exactMatch: rules }: Pick<TaskGeneration, 'filters' | 'exactMatch'>,
): boolean {
  const answer = plain(filteredAnswer(completion, filters), rules)
  return targets.some((target) => plain(target, rules) === answer)
}
