import { type Random, shuffled } from '../../src/core/random/index.js'
import type { CorpusDocument } from '../corpus/document.js'
import { arrangeChoices } from './choices.js'
import type { TaskItem } from './task-item.js'

const PAIRS: ReadonlyArray<readonly [singular: string, plural: string]> = [
  ['is', 'are'],
  ['was', 'were'],
  ['has', 'have'],
]

const SUBJECT =
  /(?:^|(?<=[.!?] )|(?<=\n))((?:The|This|These|Those|That|Each|Every|All|Both|Some|Many|Several|Its|Their|His|Our|A|An|No|Any|Such|Most|Two|Three|My|Your|Other|Few) (?:[a-z-]+ ){1,6}?)(is|are|was|were|has|have) ([^.!?\n]{3,80})(?=[.!?\n,;])/g

/** Words that open a clause or join subjects: with one of them before the verb its subject may be another. */
const UNSURE =
  /\b(that|which|who|and|or|nor|is|are|was|were|has|have|if|when|what|there|it|but|than|how|why|where|as)\b/

interface Clause {
  subject: string
  verb: string
  rest: string
  document: string
  domain: string
}

/** Clauses "determiner … verb …" of the edited prose, whose own verb is taken for the right one. */
export function clausesOf(document: CorpusDocument): Clause[] {
  return [...document.text.matchAll(SUBJECT)].flatMap(([, subject = '', verb = '', rest = '']) => {
    // The determiner itself may be "That"; only what follows can open a clause.
    if (UNSURE.test(subject.slice(subject.indexOf(' ')))) return []
    const words = rest.split(' ').slice(0, 4).join(' ')
    return [{ subject: subject.trimEnd(), verb, rest: words, document: document.id, domain: document.domain }]
  })
}

/**
 * Agreement minimal pairs: the beginning of a held-out sentence, then its verb in the right and in the wrong
 * number with the same words after it. As many singular as plural ones for each verb, so that neither the
 * longer nor the commoner form is right more often.
 */
export function agreementPairs(
  heldOut: readonly CorpusDocument[],
  random: Random,
  count: number,
): TaskItem[] {
  const clauses = heldOut.filter(({ domain }) => !domain.startsWith('code')).flatMap(clausesOf)
  const seen = new Set<string>()
  const fresh = shuffled(clauses, random).filter(({ subject, verb, rest }) => {
    const key = `${subject} ${verb} ${rest}`
    return !seen.has(key) && seen.add(key)
  })
  const chosen = PAIRS.flatMap((pair) => {
    const [singular = [], plural = []] = pair.map((verb) => fresh.filter((clause) => clause.verb === verb))
    const size = Math.min(singular.length, plural.length)
    return [...singular.slice(0, size), ...plural.slice(0, size)].map((clause) => ({ clause, pair }))
  })
  return shuffled(chosen, random)
    .slice(0, count)
    .map(({ clause, pair }, i) => {
      const wrong = pair.find((verb) => verb !== clause.verb) ?? ''
      return {
        id: `agreement/${i}`,
        task: 'agreement',
        context: clause.subject,
        ...arrangeChoices(` ${clause.verb} ${clause.rest}`, [` ${wrong} ${clause.rest}`], random),
        chance: 1 / 2,
        meta: { domain: clause.domain, document: clause.document, verb: clause.verb },
      }
    })
}
