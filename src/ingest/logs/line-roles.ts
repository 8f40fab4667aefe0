import { fieldOf } from './column-names.js'
import { type Role, roleOf, wordsBefore } from './key-roles.js'
import type { NumberToken } from './line-shape.js'

/** Which of a line's numbers is what, by index; −1 = not there. */
export interface LineRoles {
  readonly step: number
  readonly planned: number
  readonly epoch: number
  readonly values: readonly RoleValue[]
}

export interface RoleValue {
  readonly token: number
  readonly column: Exclude<Role, 'step' | 'planned' | 'epoch' | 'other'>
  /** What the number is multiplied by: `ms`, `K`, `M`, … behind it. */
  readonly factor: number
}

const HELD_OUT = /(?<![\w./])(?:val|valid|validation|eval|evaluation|test|dev)(?![\w./])/i
const BAR = /^ *\[\d+:\d/
const LONE_STEP = /^(?: *[|,]|: )/
const SUFFIXES: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, g: 1e9, t: 1e12 }

function factorOf(column: string, words: readonly string[], behind: string): number {
  if (column !== 'seconds' && column !== 'tokens') return 1
  const unit = /^ ?([a-z]+)/i.exec(behind)?.[1].toLowerCase() ?? ''
  const scale = SUFFIXES[unit] ?? 1
  if (column === 'tokens') return scale
  const isMilliseconds = unit === 'ms' || /(?:^|_)ms$/.test(words.at(-1) ?? '')
  return scale * (isMilliseconds ? 1e-3 : 1)
}

/** `loss train: 2.1, val: 2.3`: a side named alone speaks of the loss before it. */
function sideOf(words: readonly string[], before: string): Role | undefined {
  if (words.length !== 1 || !/\bloss(?:es)?\b/i.test(before)) return undefined
  if (/^(?:val|valid|validation|eval|test)$/.test(words[0])) return 'validationLoss'
  return words[0] === 'train' ? 'loss' : undefined
}

/** Index of the number that names the step where no word does: a progress bar's, or a lone one that begins the line. */
function unnamedStep(text: string, tokens: readonly NumberToken[], labels: readonly string[]): number {
  const bar = tokens.findIndex((t, i) => i > 0 && labels[i].trim() === '/' && BAR.test(text.slice(t.to))) - 1
  if (bar >= 0) return bar
  const [first] = tokens
  const counted = tokens.findIndex((t) => /^it\/\d/.test(text.slice(t.to)) && Number.isInteger(t.value))
  if (counted >= 0) return counted
  const isLone =
    Number.isInteger(first.value) && /^[\s[]*$/.test(labels[0]) && LONE_STEP.test(text.slice(first.to))
  return isLone ? 0 : -1
}

/**
 * Tell what the numbers of a line are. `tokens` count from the start of `text`.
 * @returns undefined when the line has no step or no loss
 */
export function rolesOf(text: string, tokens: readonly NumberToken[]): LineRoles | undefined {
  if (tokens.length < 2) return undefined
  const labels = tokens.map((t, i) => text.slice(i === 0 ? 0 : tokens[i - 1].to, t.from))
  let step = -1
  let planned = -1
  let epoch = -1
  const best = new Map<RoleValue['column'], RoleValue & { rank: number }>()
  tokens.forEach((token, i) => {
    const before = text.slice(0, token.from)
    const behind = text.slice(token.to)
    const words = wordsBefore(labels[i])
    const role =
      sideOf(words, before) ?? roleOf(labels[i], HELD_OUT.test(before) && !words.join(' ').includes('train'))
    if (role === 'step') {
      if (step >= 0 || !Number.isInteger(token.value)) return
      step = i
    } else if (role === 'epoch') epoch = epoch < 0 ? i : epoch
    else if (role !== 'other' && role !== 'planned') {
      if (behind.startsWith('%')) return
      const rank = fieldOf(words.join(' '))?.rank ?? 50
      const held = best.get(role)
      if (held === undefined || rank < held.rank)
        best.set(role, { token: i, column: role, factor: factorOf(role, words, behind), rank })
    }
  })
  if (!best.has('loss') && !best.has('validationLoss')) return undefined
  if (step < 0) step = unnamedStep(text, tokens, labels)
  if (step < 0) {
    if (epoch < 0 || !Number.isInteger(tokens[epoch].value)) return undefined
    step = epoch
    epoch = -1
  }
  if (step + 1 < tokens.length && /^\s*(?:\/|of)\s*$/.test(labels[step + 1])) planned = step + 1
  return {
    step,
    planned,
    epoch,
    values: [...best.values()].filter((v) => v.token !== step && v.token !== epoch),
  }
}
