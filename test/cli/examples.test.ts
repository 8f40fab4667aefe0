import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { AROUND_AN_AUDIT, cloneOfShipped, commandNames, runExample } from './help-examples.js'
import { callCli, smallestModel } from './run-cli.js'

describe('the example in the help of', () => {
  const folder = cloneOfShipped()

  // What is judged again, gated and reported is an audit of one domain, in a moment.
  beforeAll(async () => {
    const config = join(folder, 'small.yaml')
    const domains = { literature: 'texts/literature/*.txt' }
    writeFileSync(config, JSON.stringify({ model: smallestModel(), default_texts: false, domains, limit: 2 }))
    const gathered = await callCli(['gather', config, '--evidence', 'assay-evidence', '--quiet'], folder)
    expect(gathered.code, gathered.stderr).toBe(0)
  })

  it.each(commandNames().filter((name) => !AROUND_AN_AUDIT.includes(name)))(
    '%s runs',
    async (name) => {
      await runExample(name, { folder })
    },
    300_000,
  )
})
