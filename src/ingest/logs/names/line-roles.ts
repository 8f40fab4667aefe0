import { fieldOf } from './column-names.js'
import { type Role, roleOf, wordsBefore } from './key-roles.js'

/** Which of a line's numbers is what, by index; −1 = not there. */
export interface LineRoles {
  readonly step: number
  readonly planned: number
  readonly epoch: number
  /** No step is named: `step` is an epoch's number. */
  readonly isEpoch: boolean
  readonly values: readonly RoleValue[]
}

export interface RoleValue {
  readonly token: number
  readonly column: Exclude<Role, 'step' | 'planned' | 'epoch' | 'other'>
  /** What the number is multiplied by: `ms`, `K`, `M`, … behind it. */
  readonly factor: number
}

const HELD_OUT = /(?<![\w./])(?:val|valid|validation|eval|evaluation|test|dev)(?![\w./])/i
/** The loss is spoken of a few words before, in the same sentence. */
const LOSS_NEARBY = /\bloss(?:es)?\b(?:(?!\. )[^|]){0,32}$/i
const BAR = /^ ?\[$/
const LONE_STEP = /^(?: ?[|,]|: )/
/** What may stand between an epoch and the count within it. */
const WITHIN = /^\]?[\s|:,;[-]*$/
/** A loss whose unit is behind it. */
const IN_BITS = /^ ?bits?(?:(?:\/| per )tok(?:en)?)?(?![\w/])(?! per)/i
/** A step in thousands has lost its last digits. */
const ROUNDED = /^[kKmMbB](?![a-zA-Z])/
const LOSS_AT = /^(.*\bloss) (?:at|after|for|of) /
const SUFFIXES: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, b: 1e9, g: 1e9, t: 1e12 }

function factorOf(column: string, words: readonly string[], behind: string): number {
  if (column === 'loss' || column === 'validationLoss') return IN_BITS.test(behind) ? Math.LN2 : 1
  if (column !== 'seconds' && column !== 'tokens') return 1
  const unit = /^ ?([a-z]+)/i.exec(behind)?.[1].toLowerCase() ?? ''
  const scale = SUFFIXES[unit] ?? 1
  if (column === 'tokens') return scale
  const isMilliseconds = unit === 'ms' || /(?:^|_)ms$/.test(words.at(-1) ?? '')
  return scale * (isMilliseconds ? 1e-3 : 1)
}

/** `loss train: 2.1, val: 2.3`: a side named alone speaks of the loss before it. */
function sideOf(words: readonly string[], before: string): Role | undefined {
  if (words.length !== 1 || !LOSS_NEARBY.test(before)) return undefined
  if (/^(?:val|valid|validation|eval|test)$/.test(words[0])) return 'validationLoss'
  return words[0] === 'train' ? 'loss' : undefined
}

/** `validation loss at step 10: 2.3`: what the number behind the step's is. */
function roleBehindStep(words: readonly string[], next: string): Role | undefined {
  const spoken = /^ ?[:=]$|^ is$/.test(next) ? LOSS_AT.exec(words.join(' ')) : null
  return spoken === null ? undefined : roleOf(spoken[1], false)
}

/** Index of the number that names the step where no word does: a progress bar's, or a lone one that begins the line. */
function unnamedStep(labels: readonly string[]): number {
  // 10/1000 [00:14<2:21:01: the bar's own numbers are followed by a time.
  const bar = labels.findIndex(
    (l, i) => i > 0 && l.trim() === '/' && BAR.test(labels[i + 1] ?? '') && labels[i + 2] === ':',
  )
  if (bar > 0) return bar - 1
  const counted = labels.findIndex((l, i) => i > 0 && l === 'it/')
  if (counted > 0) return counted - 1
  return /^[\s[]*$/.test(labels[0]) && LONE_STEP.test(labels[1]) ? 0 : -1
}

/** Index of the number that counts within an epoch: `Epoch [1/4][20/1000]`, `Epoch 1 20/1000`, `epoch 1 | 20/1000 batches`. */
function stepOfEpoch(labels: readonly string[], epoch: number): number {
  return labels.findIndex(
    (label, i) => epoch >= 0 && i > epoch && WITHIN.test(label) && labels[i + 1]?.trim() === '/',
  )
}

/**
 * Tell what the numbers of a line are.
 *
 * @param labels what stands before each number, runs of blanks as one and none at the end, and what stands behind the last
 * @returns undefined when the line has no step or no loss
 */
export function rolesOf(labels: readonly string[]): LineRoles | undefined {
  const count = labels.length - 1
  if (count < 2) return undefined
  let step = -1
  let epoch = -1
  let before = ''
  let told: Role | undefined
  const best = new Map<RoleValue['column'], RoleValue & { rank: number }>()
  for (let i = 0; i < count; i++) {
    before += labels[i]
    const behind = labels[i + 1]
    const words = wordsBefore(labels[i])
    const role =
      told ??
      sideOf(words, before) ??
      roleOf(labels[i], HELD_OUT.test(before) && !words.join(' ').includes('train'))
    before += ' 0'
    told = undefined
    if (role === 'step') {
      if (step >= 0 || ROUNDED.test(behind)) continue
      step = i
      told = roleBehindStep(words, behind)
    } else if (role === 'epoch') epoch = epoch < 0 ? i : epoch
    else if (role !== 'other' && role !== 'planned' && !behind.startsWith('%')) {
      const rank = fieldOf(words.join(' '))?.rank ?? 50
      const held = best.get(role)
      if (held === undefined || rank < held.rank)
        best.set(role, { token: i, column: role, factor: factorOf(role, words, behind), rank })
    }
  }
  if (!best.has('loss') && !best.has('validationLoss')) return undefined
  if (step < 0) step = unnamedStep(labels)
  if (step < 0) step = stepOfEpoch(labels, epoch)
  if (step < 0) step = epoch
  if (step < 0) return undefined
  const isEpoch = step === epoch
  return {
    step,
    planned: step + 1 < count && /^ ?(?:\/|of)$/.test(labels[step + 1]) ? step + 1 : -1,
    epoch: isEpoch ? -1 : epoch,
    isEpoch,
    values: [...best.values()].filter((v) => v.token !== step && v.token !== epoch),
  }
}
