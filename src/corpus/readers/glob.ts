const MAGIC = /[*?[\]{}]/

/** Whether a path has to be expanded. */
export function isGlob(path: string): boolean {
  return MAGIC.test(path)
}

/** The part of a glob before its first special character. */
export function literalPrefix(glob: string): string {
  const at = glob.search(MAGIC)
  return at === -1 ? glob : glob.slice(0, at)
}

/**
 * A glob over keys of an object store as a regular expression: `*` and `?` stay within one level, `**` crosses levels,
 * `{a,b}` and `[0-9]` as in a shell.
 */
export function globToRegExp(glob: string): RegExp {
  let pattern = ''
  let depth = 0
  for (let at = 0; at < glob.length; at++) {
    const character = glob[at]!
    if (glob.startsWith('**/', at)) {
      pattern += '(?:.*/)?'
      at += 2
    } else if (glob.startsWith('**', at)) {
      pattern += '.*'
      at++
    } else if (character === '*') pattern += '[^/]*'
    else if (character === '?') pattern += '[^/]'
    else if (character === '[' && glob.indexOf(']', at + 2) !== -1) {
      const end = glob.indexOf(']', at + 2)
      const set = glob.slice(at + 1, end).replace(/\\/g, '\\\\')
      pattern += `[${set.startsWith('!') ? `^${set.slice(1)}` : set}]`
      at = end
    } else if (character === '{') {
      pattern += '(?:'
      depth++
    } else if (character === '}' && depth > 0) {
      pattern += ')'
      depth--
    } else if (character === ',' && depth > 0) pattern += '|'
    else pattern += character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&')
  }
  return new RegExp(`^${pattern}$`, 's')
}
