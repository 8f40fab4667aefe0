import { describe, it } from 'vitest'
import { AROUND_AN_AUDIT, cloneOfShipped, commandNames, runExample } from './help-examples.js'

describe('the example in the help of', () => {
  const folder = cloneOfShipped()

  it.each(commandNames().filter((name) => !AROUND_AN_AUDIT.includes(name)))(
    '%s runs',
    (name) => runExample(name, folder),
    300_000,
  )
})
