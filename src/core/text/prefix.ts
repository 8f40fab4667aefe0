import type { PrefixChoice } from '../evidence/index.js'

/** How the token in front was chosen, for a protocol: `--prefix-token auto`. */
export function prefixText(choice: PrefixChoice = 'auto'): string {
  return `--prefix-token ${choice}`
}
