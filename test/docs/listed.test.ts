/** What grows by a file and a line of an index stands on the page that lists such things. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FORMS } from '../../src/core/index.js'
import { EVALUATIONS_READERS } from '../../src/ingest/evaluations/formats/index.js'
import { LOG_READERS } from '../../src/ingest/logs/formats/index.js'

const read = (page: string): string => readFileSync(join(import.meta.dirname, '..', '..', page), 'utf8')

/** A section of a page, up to the next heading of its rank. */
const section = (page: string, heading: string): string =>
  read(page).split(`\n## ${heading}\n`)[1].split('\n## ')[0]

describe('the page that lists them names', () => {
  it('every scaling form, with a row (docs/methods/scaling.md, "Forms")', () => {
    const table = section('docs/methods/scaling.md', 'Forms')
    expect(FORMS.map((form) => form.id).filter((id) => !table.includes(`\n| \`${id}\` |`))).toEqual([])
  })

  it('every log format (docs/curve.md, "Formats")', () => {
    const formats = section('docs/curve.md', 'Formats')
    expect(LOG_READERS.map((r) => r.format).filter((format) => !formats.includes(`\`${format}\``))).toEqual(
      [],
    )
  })

  it('every evaluation format, where a file is of none (evaluations/unknown-format in docs/errors.md)', () => {
    const row = read('docs/errors.md')
      .split('\n')
      .find((line) => line.startsWith('| `evaluations/unknown-format`'))
    // A format of two files is named once: `OLMo ladder config` by `OLMo ladder`.
    const names = EVALUATIONS_READERS.map((r) => r.format.replace(/ (?:config|evaluation|model)$/, ''))
    expect(names.filter((name) => row?.includes(name) !== true)).toEqual([])
  })
})
