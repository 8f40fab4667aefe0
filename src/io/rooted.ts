/**
 * A pattern as it is looked for from the folder that its way leads up to: of `../*` + `/a.txt` tinyglobby passes over what lies in the folder that
 * one stands in, where that is one of them.
 */
export function rooted(pattern: string): { readonly pattern: string; readonly cwd: string } {
  const up = /^(?!\/)(?:[^*?[{(]*\/)?\.\.\/(?=.)/.exec(pattern)?.[0] ?? ''
  return { pattern: pattern.slice(up.length), cwd: up === '' ? '.' : up }
}
