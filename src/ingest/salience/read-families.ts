import { raise } from '../records/errors.js'
import { FieldReader } from '../records/fields.js'
import { readRecords } from '../records/read-records.js'

/** Family by model, from a table with the columns `model, family`. @throws {AssayError} table/… */
export async function readFamilies(path: string): Promise<Map<string, string>> {
  const records = await readRecords(path)
  const fields = new FieldReader(records, {})
  fields.require('model', 'family')
  const out = new Map<string, string>()
  for (const row of records.rows) {
    const model = fields.text(row, 'model')
    const family = fields.text(row, 'family')
    const earlier = out.get(model)
    if (earlier !== undefined && earlier !== family)
      throw raise('bad-value', `${model} has two families, ${earlier} and ${family}`, {
        path,
        line: row.line,
      })
    out.set(model, family)
  }
  fields.finish()
  return out
}
