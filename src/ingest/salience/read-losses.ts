import type { LossTable, SalienceModel, Span } from '../../core/index.js'
import { raise } from '../records/errors.js'
import { FieldReader } from '../records/fields.js'
import { type RecordRow, type Records, readRecords } from '../records/read-records.js'
import { isLoss, LOSS_EXPECTED, requireDistinctColumns } from './bounds.js'
import { raiseSalience } from './errors.js'
import { oddUnits, withCopies } from './loss-notes.js'
import { familyInName, type KnownModels, knownModel } from './model-name.js'

export interface ReadLossesOptions extends KnownModels {
  readonly columns: Readonly<Record<string, string>>
}

export interface ReadLosses {
  readonly table: LossTable
  /** SHA-256 of the text where the tables tell; null where they do not. */
  readonly textSha256: string | null
  /** What was left out on the way, for a reader to know. */
  readonly notes: readonly string[]
}

interface Cell {
  readonly span: string
  readonly line: number
  readonly bitsPerByte: number
}

/**
 * Read losses of byte-aligned spans: the long table of `assay loss --spans` (`model, checkpoint?, document, domain?,
 * byte_start, byte_end, bits`; or `span, bytes, bits`), or a wide one with spans down and models across whose cells are
 * bits/byte.
 *
 * @throws {AssayError} table/… and salience/other-text naming file and row: a span given twice, a model that lacks spans, another text
 */
export async function readLosses(paths: readonly string[], options: ReadLossesOptions): Promise<ReadLosses> {
  const models = new Map<string, { model: SalienceModel; cells: Map<string, Cell>; path: string }>()
  const spans = new Map<string, Span>()
  let text: { sha256: string; path: string } | null = null
  for (const path of paths) {
    const records = await readRecords(path)
    if (records.rows.length === 0) throw raise('empty', 'there is no row', { path })
    const isLong = new FieldReader(records, options.columns).has('bits')
    for (const row of isLong ? longRows(records, options) : wideRows(records, options)) {
      if (row.sha256 !== null) {
        if (text !== null && text.sha256 !== row.sha256)
          throw raiseSalience(
            'other-text',
            `losses of another text than those of ${text.path} (text_sha256)`,
            {
              path,
              line: row.line,
            },
          )
        text = { sha256: row.sha256, path }
      }
      const known = models.get(row.model.id)
      const entry = known ?? { model: row.model, cells: new Map<string, Cell>(), path }
      if (known === undefined) models.set(row.model.id, entry)
      const earlier = entry.cells.get(row.key)
      if (earlier !== undefined)
        throw raise(
          'bad-value',
          `the span ${row.key} of ${row.model.id} stands twice (before at ${entry.path}:${earlier.line})`,
          { path, line: row.line },
        )
      entry.cells.set(row.key, { span: row.key, line: row.line, bitsPerByte: row.bitsPerByte })
      if (!spans.has(row.key)) spans.set(row.key, row.span)
    }
  }
  const keys = [...spans.keys()]
  for (const { model, cells, path } of models.values()) {
    const missing = keys.filter((key) => !cells.has(key))
    if (missing.length > 0)
      throw raiseSalience(
        'other-text',
        `${model.id} lacks ${missing.length} of ${keys.length} spans, the first is ${missing[0]}`,
        { path },
      )
  }
  const entries = [...models.values()]
  const losses = entries.map(({ cells }) =>
    Float64Array.from(keys, (key) => cells.get(key)?.bitsPerByte ?? Number.NaN),
  )
  const { named, notes } = withCopies(
    entries.map((e) => e.model),
    (a, b) => losses[a].every((v, u) => v === losses[b][u]),
  )
  const units = oddUnits(
    entries.map(({ model, cells, path }, m) => ({
      id: model.id,
      mean: losses[m].reduce((sum, v) => sum + v / keys.length, 0),
      place: { path, line: [...cells.values()][0].line },
    })),
  )
  return {
    table: { models: named, spans: [...spans.values()], losses },
    textSha256: text?.sha256 ?? null,
    notes: [...notes, ...units],
  }
}

interface LossRow {
  readonly line: number
  readonly model: SalienceModel
  readonly key: string
  readonly span: Span
  readonly bitsPerByte: number
  readonly sha256: string | null
}

function modelOf(fields: FieldReader, row: RecordRow, options: ReadLossesOptions): SalienceModel {
  const name = fields.text(row, 'model')
  return knownModel(name, fields.textOr(row, 'checkpoint', fields.textOr(row, 'step', '')), options, {
    family: fields.has('family') ? fields.textOr(row, 'family', name) : name,
    params: fields.numberOrNull(row, 'params'),
    tokens: fields.numberOrNull(row, 'tokens'),
  })
}

function longRows(records: Records, options: ReadLossesOptions): LossRow[] {
  const fields = new FieldReader(records, options.columns)
  fields.require('model', 'document', 'bits')
  const placed = fields.has('byte_start') && fields.has('byte_end')
  if (!placed) fields.require('span', 'bytes')
  const ends = new Map<string, number>()
  const known = new Map<string, SalienceModel>()
  const rows = records.rows.map((row): LossRow => {
    const document = fields.text(row, 'document')
    const domain = fields.textOr(row, 'domain', '')
    const drawn = modelOf(fields, row, options)
    // One object a model, not one a row: a table holds millions of rows.
    const model = known.get(drawn.id) ?? drawn
    known.set(drawn.id, model)
    const at = `${drawn.id}\u0000${domain}\u0000${document}`
    const start = placed
      ? fields.number(row, 'byte_start', (v) => v >= 0, 'a byte offset')
      : (ends.get(at) ?? 0)
    const end = placed
      ? fields.number(row, 'byte_end', (v) => v > start, 'a byte offset behind byte_start')
      : start + fields.number(row, 'bytes', (v) => v > 0, 'a number of bytes above 0')
    ends.set(at, end)
    const bytes = end - start
    const bits = fields.number(
      row,
      'bits',
      (v) => isLoss(v / bytes),
      `bits over ${bytes} bytes: ${LOSS_EXPECTED}`,
    )
    return {
      line: row.line,
      model,
      key: `${domain === '' ? '' : `${domain}/`}${document}:${start}-${end}`,
      span: { document, domain, bytes: { start, end } },
      bitsPerByte: bits / bytes,
      sha256: fields.has('text_sha256') ? fields.text(row, 'text_sha256') : null,
    }
  })
  fields.finish()
  return rows
}

/** Spans down, models across: the first column names the span, the others hold bits/byte of one model each. */
function wideRows(records: Records, options: ReadLossesOptions): LossRow[] {
  requireDistinctColumns(records)
  const [name, ...columns] = records.columns
  const fields = new FieldReader(records, {})
  const models = columns.map((id) => {
    const family = familyInName(id)
    const known = knownModel(id, '', options, { family })
    // A family that facts tell goes before the one that the name hints at.
    return { ...known, family: options.families.get(id) ?? options.facts?.get(id)?.family ?? family }
  })
  const rows = records.rows.flatMap((row) => {
    const document = fields.text(row, name)
    return columns.map(
      (column, i): LossRow => ({
        line: row.line,
        model: models[i],
        key: document,
        span: { document, domain: '', bytes: null },
        bitsPerByte: fields.number(row, column, isLoss, LOSS_EXPECTED),
        sha256: null,
      }),
    )
  })
  fields.finish()
  return rows
}
