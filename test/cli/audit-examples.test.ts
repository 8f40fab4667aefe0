import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { AROUND_AN_AUDIT, cloneOfShipped, runExample } from './help-examples.js'

describe('around an audit, the example in the help of', () => {
  const folder = cloneOfShipped()

  /** The audit before it asked the same of the same model: a minute's work that need not be done twice. */
  function withAuditsJournal(example: readonly string[]): string[] {
    const evidence = example[example.indexOf('--evidence') + 1]
    cpSync(join(folder, 'assay-evidence'), join(folder, evidence), { recursive: true })
    return ['--resume']
  }

  it.each(AROUND_AN_AUDIT)(
    '%s runs',
    (name) => runExample(name, folder, name === 'gather' ? withAuditsJournal : undefined),
    300_000,
  )
})
