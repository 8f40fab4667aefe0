/**
 * `a.jsonl is named 3 times (also as ./a.jsonl) and counted once; so are 2 more files`; nothing where each is named once.
 *
 * @param spellings of each file, in order
 */
export function repeatNotes(spellings: readonly (readonly string[])[]): string[] {
  const repeated = spellings.filter(({ length }) => length > 1)
  const [first] = repeated
  if (first === undefined) return []
  const others = [...new Set(first)].slice(1).join(', ')
  const more = repeated.length - 1
  return [
    `${first[0]} is named ${first.length} times${others === '' ? '' : ` (also as ${others})`} and counted once` +
      (more === 0 ? '' : `; so ${more === 1 ? 'is 1 more file' : `are ${more} more files`}`),
  ]
}
