import { type LineFormat, lineLogReader } from './line-reader.js'

// biome-ignore format: one pattern a line
const STEP = /\b(?:global_?step|train_?step|iteration|iter|step|update)s?\b["']?\s*[:=#]?\s*\[?\s*(\d[\d,]*)(?:\s*\/\s*(\d[\d,]*))?/i
const NUMBER = String.raw`["']?\s*[:=|]?\s*["']?\s*([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf))`
const LOSS = new RegExp(
  String.raw`(?<![\w/.-])(?:train(?:ing)?[ _/.]*)?(?:lm[ _])?loss(?:[ _]train)?\b${NUMBER}`,
  'i',
)
const VALIDATION = new RegExp(
  String.raw`(?<![\w])(?:val(?:id(?:ation)?)?|eval|test|dev)[ _/.]*loss\b${NUMBER}`,
  'i',
)
const NORM = new RegExp(String.raw`\b(?:total[ _])?(?:grad(?:ient)?[ _]?)?(?:g?norm)\b${NUMBER}`, 'i')
const RATE = new RegExp(String.raw`\b(?:lr|learning[ _]rate)\b${NUMBER}`, 'i')

function number(match: RegExpExecArray | null): number | undefined {
  if (match === null) return undefined
  const text = match[1].toLowerCase()
  if (text.endsWith('nan')) return Number.NaN
  if (text.endsWith('inf')) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = Number(text.replace(/\.$/, ''))
  return Number.isNaN(value) ? undefined : value
}

/**
 * The last resort for text that no other reader knows: lines that name a step and a loss
 * (`step 10 | loss: 2.1`, `iter=10, train_loss=2.1, lr=3e-4`, `Step: 10, Loss: 2.1`).
 */
const keyValue: LineFormat = {
  format: 'key-value',
  pattern:
    /^.*\b(?:global_?step|train_?step|iteration|iter|step|update)s?\b["']?\s*[:=#]?\s*\[?\s*\d.*loss\b["']?\s*[:=|]?\s*["']?\s*[-+]?[\dni]/gim,
  weight: 0.4,
  open: (record) => ({
    line(line) {
      const text = line.text()
      const step = STEP.exec(text)
      if (step === null) return false
      const rest = text.slice(step.index + step[0].length)
      const validation = number(VALIDATION.exec(rest)) ?? number(VALIDATION.exec(text))
      const loss = number(LOSS.exec(rest.replace(VALIDATION, '')))
      if (loss === undefined && validation === undefined) return false
      record.row(Number(step[1].replaceAll(',', '')), line.number)
      if (step[2] !== undefined) record.facts.plannedSteps = Number(step[2].replaceAll(',', ''))
      if (loss !== undefined) record.put('loss', loss)
      if (validation !== undefined) record.put('validationLoss', validation)
      const norm = number(NORM.exec(rest))
      if (norm !== undefined) record.put('gradNorm', norm)
      const rate = number(RATE.exec(rest))
      if (rate !== undefined) record.put('learningRate', rate)
      return true
    },
  }),
}

export const keyValueReader = lineLogReader(keyValue)
