import { exact, type Finding } from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import { type CorpusProfile, mostEmpty } from '../../corpus/index.js'
import { skippedFields } from './describe.js'
import { METHOD, PROBE, percent } from './profile-text.js'

/** Documents that could not be read, and files that broke. */
function leftOut({ skipped: all }: CorpusProfile): { documents: number; files: number } {
  const { skipped } = skippedFields(all)
  return {
    documents: skipped.reduce((sum, entry) => sum + (entry.documents ?? 0), 0),
    files: skipped.filter((entry) => entry.documents === null).length,
  }
}

/** `; left out: 3 documents, 2 files, whole or from a break on`, or nothing. */
export function leftOutWords(profile: CorpusProfile): string {
  const { documents, files } = leftOut(profile)
  const parts = [
    ...(documents > 0 ? [counted(documents, 'document')] : []),
    ...(files > 0 ? [`${counted(files, 'file')}, whole or from a break on`] : []),
  ]
  return parts.length === 0 ? '' : `; left out: ${parts.join(', ')}`
}

/** More documents than these that cannot be read are a matter of their own. */
const MANY_LEFT_OUT = 0.01
/** Of all characters. */
const MANY_ILL_FORMED = 1e-6

/** What the figures are not of. */
export function readingFindings(profile: CorpusProfile): Finding[] {
  const { documents } = leftOut(profile)
  const { illFormed, characters } = profile.states.amounts
  const empty = mostEmpty(profile.documents, profile.skipped)
  const all = profile.documents + documents
  const warning = { probe: PROBE, status: 'warn' as const, sources: [METHOD] }
  return [
    ...(documents > MANY_LEFT_OUT * all
      ? [
          {
            ...warning,
            code: 'left-out',
            title: `${percent(documents / all)} of the documents${profile.sample === null ? '' : ' drawn'} could not be read (${counted(documents, 'document')}): all figures are of the rest`,
            ...(profile.sample === null ? { estimate: exact(documents / all, 'share', all) } : {}),
            action: 'See why under “Left out”; --columns text=NAME names the field of the text.',
          },
        ]
      : []),
    ...(empty > 0
      ? [
          {
            ...warning,
            code: 'empty',
            title: `${percent(empty / profile.documents)} of the documents are empty (${counted(empty, 'document')})`,
            action: 'If the text is in another field, name it with --columns text=NAME.',
          },
        ]
      : []),
    ...(illFormed > MANY_ILL_FORMED * characters
      ? [
          {
            ...warning,
            code: 'ill-formed',
            title: `${counted(illFormed, 'stretch', 'stretches')} of bytes ${illFormed === 1 ? 'is' : 'are'} no UTF-8: a tokenizer sees U+FFFD there`,
            action: 'Decode the text by the encoding that it was written in.',
          },
        ]
      : []),
  ]
}
