import { expect, it } from 'vitest'
import { terminalOf } from './terminal.js'

it.each([
  [{ isTTY: true }, { TERM: 'xterm-256color' }, { redraws: true, colour: true }],
  [{ isTTY: true }, {}, { redraws: true, colour: true }],
  [{ isTTY: true }, { TERM: 'xterm', NO_COLOR: '1' }, { redraws: true, colour: false }],
  // "when present and not an empty string" (no-color.org)
  [{ isTTY: true }, { TERM: 'xterm', NO_COLOR: '' }, { redraws: true, colour: true }],
  [{ isTTY: true }, { TERM: 'dumb' }, { redraws: false, colour: false }],
  [{}, { TERM: 'xterm-256color' }, { redraws: false, colour: false }],
])('%o with %o → %o', (stream, env, shows) => {
  expect(terminalOf(stream, env)).toEqual(shows)
})
