/** An address, as far as it goes: to white space, a quotation mark that none may hold, or a comma before the next one. */
const ADDRESS = /([a-z][a-z0-9+.-]{1,20}:\/\/|(?:https?|ftp|s3|gs):\/)((?:(?!,[a-z]{2,20}:\/)[^\s"<>])+)/gi

/** Of the part behind the scheme. */
function bare(rest: string, isObject: boolean): string {
  const authority = /^[^/?#]*/.exec(rest)![0]
  // Keys of S3 hold slashes: what follows a colon and is no port is a password up to the last @.
  const isOpen = authority.includes('@') || /^[^[:]+:(?!\d*$)/.test(authority)
  const at = rest.lastIndexOf('@', authority.includes('@') ? authority.length - 1 : rest.length)
  const host = !isOpen ? rest : at === -1 ? rest.replace(/:[^/?#]*/, ':…') : rest.slice(at + 1)
  // In a pattern over keys of S3 a question mark is any character.
  return host.replace(isObject ? /\?[^=]*=.*/s : /\?.*/s, '').replace(/#(?!\d+$).*/s, '')
}

/**
 * A text whose addresses have no user name, password, query or fragment: signed ones carry their key there. Numbers of
 * addresses that are alike without them (`…/a.jsonl#2`) stay.
 */
export function withoutSecrets(text: string): string {
  return text.replace(ADDRESS, (_, scheme: string, rest: string) => {
    const end = /[.,:;)\]'`]*$/.exec(rest)![0]
    return `${scheme}${bare(rest.slice(0, rest.length - end.length), /^(s3|gs):/i.test(scheme))}${end}`
  })
}
