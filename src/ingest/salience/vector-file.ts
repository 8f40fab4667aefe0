import {
  SALIENCE_FILE_SCHEMA,
  type SalienceFile,
  type SalienceFileJson,
  type Span,
  salienceFileFromJson,
} from '../../core/index.js'
import { readPackedText, reason } from '../text/unpack.js'
import { raiseSalience } from './errors.js'
import type { ReadLosses } from './read-losses.js'

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isSpan(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { document, domain, bytes } = value
  const placed = bytes === null || (isRecord(bytes) && [bytes.start, bytes.end].every(Number.isFinite))
  return placed && typeof document === 'string' && typeof domain === 'string'
}

function isLink(value: unknown): boolean {
  return value === null || (isRecord(value) && [value.floor, value.height].every(Number.isFinite))
}

function isEstimate(value: unknown): boolean {
  if (!isRecord(value)) return false
  if (value.kind === 'notEstimable') return typeof value.reason === 'string'
  return (
    value.kind === 'estimate' &&
    [value.value, value.low, value.high, value.level, value.n].every(Number.isFinite)
  )
}

/** What a reader has to know to trust a vector. */
function hasFacts(c: Record<string, unknown>, spans: number): boolean {
  const { agreement, lossRange, domains } = c
  return (
    isEstimate(c.explainedVariance) &&
    isEstimate(c.gainOverMean) &&
    isRecord(lossRange) &&
    [lossRange.low, lossRange.high].every(Number.isFinite) &&
    Array.isArray(agreement) &&
    [0, spans].includes(agreement.length) &&
    agreement.every(Number.isFinite) &&
    Array.isArray(domains) &&
    domains.every((d) => isRecord(d) && Number.isFinite(d.ofText) && isEstimate(d.ofPull))
  )
}

function isVectorFile(value: unknown): value is SalienceFileJson {
  if (!isRecord(value)) return false
  const { schema, models, spans, capabilities } = value
  return (
    schema === SALIENCE_FILE_SCHEMA &&
    Array.isArray(models) &&
    models.every((m) => isRecord(m) && typeof m.id === 'string' && typeof m.family === 'string') &&
    Array.isArray(spans) &&
    spans.every(isSpan) &&
    Array.isArray(capabilities) &&
    capabilities.every(
      (c) =>
        Array.isArray(c?.weights) &&
        c.weights.length === spans.length &&
        c.weights.every(Number.isFinite) &&
        Number.isFinite(c.intercept) &&
        Number.isFinite(c.slope) &&
        isLink(c.link) &&
        Array.isArray(c.errors) &&
        c.errors.every((e: unknown) => isRecord(e) && [e.error, e.share].every(Number.isFinite)) &&
        hasFacts(c, spans.length),
    )
  )
}

/** @throws {AssayError} salience/not-a-vector */
export async function readVectorFile(path: string): Promise<SalienceFile> {
  let text: string
  try {
    text = await readPackedText(path)
  } catch (error) {
    throw raiseSalience('not-a-vector', reason(error), { path }, error)
  }
  return parseVectorFile(path, text)
}

/** @throws {AssayError} salience/not-a-vector */
export function parseVectorFile(path: string, text: string): SalienceFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw raiseSalience('not-a-vector', reason(error), { path }, error)
  }
  if (!isVectorFile(value))
    throw raiseSalience('not-a-vector', 'expected one weight a span for each capability', { path })
  return salienceFileFromJson(value)
}

/** Identity of a span in a text. */
function nameOf({ domain, document, bytes }: Span): string {
  return `${domain}/${document}:${bytes === null ? '' : `${bytes.start}-${bytes.end}`}`
}

/**
 * Losses in the order of the vector's spans, by model.
 *
 * @throws {AssayError} salience/other-text where the losses are of another text, or lack a span
 */
export function applicableLosses(vector: SalienceFile, losses: ReadLosses, path: string): Float64Array[] {
  const { textSha256, table } = losses
  if (vector.textSha256 !== null && textSha256 !== null && vector.textSha256 !== textSha256)
    throw raiseSalience('other-text', 'the vector was fitted on another text (text_sha256)', { path })
  const place = new Map(table.spans.map((span, u) => [nameOf(span), u]))
  const order = vector.spans.map((span) => {
    const u = place.get(nameOf(span))
    if (u === undefined)
      throw raiseSalience('other-text', `the vector’s span ${nameOf(span)} is not among the losses`, { path })
    return u
  })
  return table.losses.map((row) => Float64Array.from(order, (u) => row[u]))
}
