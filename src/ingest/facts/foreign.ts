import { basename } from 'node:path'
import { messageOf } from '../../core/errors.js'
import { delimitedTable, headerRow } from '../text/delimited.js'
import { tryParse } from '../text/tolerant-json.js'
import { raise } from './errors.js'

/** One row of a facts file, in the fields of our own JSONL, with the line that it stands on where there are lines. */
export interface ForeignRow {
  readonly line?: number
  readonly value: unknown
  /** A template of its relation, where the row tells one. */
  readonly template?: string
  /** Of a query, which repeats a row for each value of a variable that is not taken. */
  readonly mayRepeat?: boolean
}

/** Names of a fact's fields, which `--columns` knows. */
export const OWN_FIELDS = ['id', 'subject', 'relation', 'object', 'aliases', 'subject_aliases', 'domain']

type Row = Readonly<Record<string, unknown>>

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const ITEM = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")`
const PRINTED = new RegExp(String.raw`^\s*\[\s*(${ITEM}(?:\s*,\s*${ITEM})*),?\s*\]\s*$`)
const QUOTED = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g

/** `["a","b"]`, `['a', 'b']` as Python prints it, or `a|b`, as tables write lists; a list as it is. */
function listOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value.trim() === '') return undefined
  if (!value.trim().startsWith('[')) return value.split('|').map((name) => name.trim())
  const parsed = tryParse(value)
  if (parsed !== undefined) return parsed
  const items = PRINTED.exec(value)?.[1]
  return items === undefined
    ? value
    : [...items.matchAll(QUOTED)].map(([, a, b]) => (a ?? b ?? '').replace(/\\(.)/g, '$1'))
}

const without = (names: unknown, own: unknown): unknown =>
  Array.isArray(names) ? names.filter((name) => name !== own && name !== '') : names

/** PopQA (Mallen et al., arXiv:2212.10511): `subj, prop, obj, possible_answers, s_aliases, question`. */
function fromPopQa({ id, subj, prop, obj, possible_answers, s_aliases, question }: Row): ForeignRow {
  const hasSubject = typeof question === 'string' && typeof subj === 'string' && question.includes(subj)
  return {
    value: {
      id,
      subject: subj,
      relation: prop,
      object: obj,
      aliases: without(listOf(possible_answers), obj),
      subject_aliases: without(listOf(s_aliases), subj),
    },
    ...(hasSubject ? { template: `Q: ${question.replace(subj, '[X]')} A: [Y]` } : {}),
  }
}

/** LAMA's T-REx and Google-RE (Petroni et al., arXiv:1909.01066): `sub_label, obj_label`, `predicate_id` or `pred`. */
function fromLama(
  { uuid, sub_label, obj_label, predicate_id, pred, obj_aliases, sub_aliases }: Row,
  file: string,
): ForeignRow {
  return {
    value: {
      id: uuid,
      subject: sub_label,
      relation: predicate_id ?? pred ?? file,
      object: obj_label,
      aliases: without(obj_aliases, obj_label),
      subject_aliases: without(sub_aliases, sub_label),
    },
  }
}

/** TriviaQA (Joshi et al., arXiv:1705.03551), as published or as on the Hub: a question is the subject of its answer. */
function fromTrivia(row: Row): ForeignRow {
  const answer = (row.Answer ?? row.answer) as Row
  const object = answer.Value ?? answer.value
  return {
    value: {
      id: row.QuestionId ?? row.question_id,
      subject: row.Question ?? row.question,
      relation: 'trivia',
      object,
      aliases: without(answer.Aliases ?? answer.aliases, object),
    },
    template: 'Question: [X] Answer: [Y]',
  }
}

/** An export of query.wikidata.org: of the first two variables that have labels the first is the subject, the second names the relation. */
function fromWikidata(row: Row, [subject, object]: readonly string[]): ForeignRow {
  const label = (name: string): unknown => row[`${name}Label`]
  const altLabel = (name: string): unknown => {
    const names = row[`${name}AltLabel`]
    return typeof names === 'string' && names !== '' ? names.split(',').map((n) => n.trim()) : undefined
  }
  return {
    mayRepeat: true,
    value: {
      subject: label(subject!),
      relation: object,
      object: label(object!),
      aliases: altLabel(object!),
      subject_aliases: altLabel(subject!),
    },
  }
}

/** Variables that have a column of labels, in the order of the columns. */
const labelled = (row: Row): string[] =>
  Object.keys(row).flatMap((name) => (/^.+Label$/.test(name) ? [name.slice(0, -'Label'.length)] : []))

/** Cells of the TSV that query.wikidata.org gives: `"France"@en`, whose quotes the reader of tables takes, and `<http://…>`. */
const plainTerm = (cell: string): string =>
  cell.replace(/(?<=.)@[a-z]{2,3}(-[a-z0-9]+)*$/i, '').replace(/^<(.*)>$/, '$1')

/** One row in our own fields: as it is where it is ours, and named by its file where it names no relation. */
function ownFields(row: Row, file: string, columns: Readonly<Record<string, string>>): ForeignRow {
  const { subject = 'subject', object = 'object', relation = 'relation' } = columns
  if (row[subject] === undefined || row[object] === undefined) {
    if ('subj' in row && 'obj' in row && 'prop' in row) return fromPopQa(row)
    if ('sub_label' in row && 'obj_label' in row) return fromLama(row, file)
    if (isRow(row.Answer ?? row.answer) && (row.Question ?? row.question) !== undefined)
      return fromTrivia(row)
    const variables = labelled(row)
    if (variables.length >= 2) return fromWikidata(row, variables)
  }
  const [aliases, subjectAliases] = [
    columns.aliases ?? 'aliases',
    columns.subject_aliases ?? 'subject_aliases',
  ]
  return {
    value: {
      ...row,
      [relation]: row[relation] ?? file,
      ...(aliases in row ? { [aliases]: listOf(row[aliases]) } : {}),
      ...(subjectAliases in row ? { [subjectAliases]: listOf(row[subjectAliases]) } : {}),
    },
  }
}

/** Results of SPARQL as JSON: every variable is an object with its value. */
function bindings(value: Row): Row[] | undefined {
  const list = isRow(value.results) ? value.results.bindings : undefined
  return Array.isArray(list)
    ? list
        .filter(isRow)
        .map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, cell]) => [name, isRow(cell) ? cell.value : cell]),
          ),
        )
    : undefined
}

/** The rows of a JSON document that holds facts; undefined of one that does not. */
function documentRows(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  if (!isRow(value)) return undefined
  return Array.isArray(value.Data) ? value.Data : bindings(value)
}

/** One of our fields is known by its name in other letters, `Subject`, where no column has the name itself. */
function ownName(name: string, columns: readonly string[]): string {
  const lower = name.toLowerCase().trim()
  return OWN_FIELDS.includes(lower) && !columns.includes(lower) ? lower : name
}

/** Empty cells are missing ones. */
function tableRows(text: string, path: string): { line: number; row: Row }[] {
  const { columns, rows } = delimitedTable(text, (message, line) =>
    raise('bad-field', message, { path, line }),
  )
  return rows.map(({ line, get }) => ({
    line,
    row: Object.fromEntries(
      columns.flatMap((name) => {
        const cell = get(name)
        const isTerm = name.startsWith('?')
        return cell === undefined || cell === ''
          ? []
          : [isTerm ? [name.slice(1), plainTerm(cell)] : [ownName(name, columns), cell]]
      }),
    ),
  }))
}

/**
 * Rows of a table (CSV, TSV), of a JSON document or of JSONL in our own fields, recognised by content: our own, PopQA, LAMA,
 * TriviaQA and exports of Wikidata. Undefined of JSONL whose lines are our own, which has a reader with places.
 *
 * @throws {AssayError} facts/bad-field where a table cannot be cut into cells
 */
export function foreignRows(
  text: string,
  path: string,
  columns: Readonly<Record<string, string>>,
): ForeignRow[] | undefined {
  const file = basename(path).replace(/\.[a-z]+$/i, '')
  const own = (value: unknown, line?: number): ForeignRow => ({
    ...(line === undefined ? {} : { line }),
    ...(isRow(value) ? ownFields(value, file, columns) : { value }),
  })
  const first = text.replace(/^\uFEFF/, '').trimStart()
  if (!first.startsWith('{') && !first.startsWith('['))
    return (headerRow(text)?.cells.length ?? 0) > 1
      ? tableRows(text, path).map(({ line, row }) => own(row, line))
      : undefined
  const head = tryParse(first.split('\n', 1)[0] ?? '')
  if (isRow(head) && documentRows(head) === undefined) {
    // Lines of objects: ours are left to the reader that knows their places.
    const sample = ownFields(head, file, columns)
    const { relation = 'relation' } = columns
    if (sample.template === undefined && isRow(sample.value) && head[relation] !== undefined) return undefined
    return text
      .split('\n')
      .flatMap((line, i) => (line.trim() === '' ? [] : [own(parseLine(line, path, i + 1), i + 1)]))
  }
  return documentRows(tryParse(text))?.map((value) => own(value))
}

function parseLine(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw raise('not-json', messageOf(error), { path, line }, error)
  }
}
