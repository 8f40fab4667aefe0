/** What the terminal behind a stream can show. */
interface Terminal {
  /** It takes escape sequences that move its cursor: a progress bar can redraw itself. */
  readonly redraws: boolean
  readonly colour: boolean
}

/**
 * A pipe or a file takes text alone, and so does a terminal that calls itself dumb (an editor's shell, a recorder):
 * it would show escape sequences as they are. NO_COLOR (no-color.org) asks for text without colours.
 */
export function terminalOf(
  stream: { readonly isTTY?: boolean },
  { TERM, NO_COLOR }: Readonly<Record<string, string | undefined>>,
): Terminal {
  const redraws = stream.isTTY === true && TERM !== 'dumb'
  return { redraws, colour: redraws && (NO_COLOR === undefined || NO_COLOR === '') }
}
