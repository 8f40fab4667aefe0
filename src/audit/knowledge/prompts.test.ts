import { describe, expect, it } from 'vitest'
import { fill } from './prompts.js'
import { parseTemplate } from './templates.js'

describe('a filled template', () => {
  it.each(['A$$AP', 'S$&P', "$`$'"])('holds the subject as it is written: %s', (subject) => {
    expect(fill(parseTemplate('The home of [X] is [Y], says [X]', { field: 'r' }), subject)).toEqual({
      before: `The home of ${subject} is `,
      after: `, says ${subject}`,
    })
  })
})
