import { type Random, shuffled } from '../../src/core/random/index.js'
import { FILLERS, PLANTED_RELATIONS, type PlantedRelation } from './relations.js'

/** Document frequencies at which facts are planted, and facts per relation at each. */
export const LEVELS: ReadonlyArray<{ level: number; facts: number }> = [
  ...[0, 1, 2, 4, 8].map((level) => ({ level, facts: 80 })),
  ...[16, 32, 64, 128, 256, 512, 1024].map((level) => ({ level, facts: 40 })),
]

/** Share of the documents of a subject in which two of its facts stand together, where both still need one. */
const PAIRED_SHARE = 0.25
const FILLER_SHARE = 0.3

export interface PlantedFact {
  id: string
  subject: string
  relation: string
  object: string
  domain: string
  /** Documents of the full stream that state it. */
  level: number
}

export interface PlantedDocument {
  id: string
  text: string
  facts: string[]
}

const ONSETS = 'B Br D Dr F Fl G Gr H J K Kl L M N P Pr R S St T Tr V Z Th'.split(' ')
const NUCLEI = 'a e i o u au ei ou'.split(' ')
const MIDDLES = 'l r n m d v st nd lm rk th z'.split(' ')
const CODAS = 'n r l k m s x th dor lin mar vek ris bo na'.split(' ')

function inventWord(random: Random): string {
  const pick = (from: readonly string[]): string => from[random.integer(from.length)] ?? ''
  return pick(ONSETS) + pick(NUCLEI) + pick(MIDDLES) + pick(NUCLEI) + pick(CODAS)
}

/**
 * Invents `count` names of two pronounceable words. No word is used twice or is one of `taken`
 * (lower case), so that a name's words stand in no other document.
 */
export function inventNames(count: number, taken: ReadonlySet<string>, random: Random): string[] {
  const used = new Set<string>()
  const words: string[] = []
  while (words.length < 2 * count) {
    const word = inventWord(random)
    const key = word.toLowerCase()
    if (word.length < 5 || word.length > 9 || used.has(key) || taken.has(key)) continue
    used.add(key)
    words.push(word)
  }
  return Array.from({ length: count }, (_, i) => `${words[2 * i]} ${words[2 * i + 1]}`)
}

/**
 * The facts: every subject has one fact of each relation. For every second subject the three facts have
 * the same level; for the others the levels are dealt anew per relation, so that a subject may be well
 * known for one thing and unknown for another. At every level a relation's objects are used equally
 * often (counts differ by one at most), so that an object's frequency tells nothing.
 */
export function planFacts(
  taken: ReadonlySet<string>,
  random: Random,
  levels: ReadonlyArray<{ level: number; facts: number }> = LEVELS,
  relations: readonly PlantedRelation[] = PLANTED_RELATIONS,
): PlantedFact[] {
  const slots = levels.flatMap(({ level, facts }) => Array.from({ length: facts }, () => level))
  const subjects = inventNames(slots.length, taken, random.derive('names'))
  const facts: PlantedFact[] = []
  for (const [r, relation] of relations.entries()) {
    const stream = random.derive(relation.id)
    const dealt = slots.slice()
    if (r > 0) {
      const odd = slots.flatMap((_, i) => (i % 2 === 1 ? [i] : []))
      const mixed = shuffled(
        odd.map((i) => slots[i] ?? 0),
        stream,
      )
      for (const [k, i] of odd.entries()) dealt[i] = mixed[k] ?? 0
    }
    const decks = new Map<number, string[]>()
    for (const [i, level] of dealt.entries()) {
      let deck = decks.get(level) ?? []
      if (deck.length === 0) deck = shuffled(relation.objects, stream)
      const object = deck.pop() ?? ''
      decks.set(level, deck)
      const id = `${relation.id}-${String(i).padStart(4, '0')}`
      facts.push({
        id,
        subject: subjects[i] ?? '',
        relation: relation.id,
        object,
        domain: relation.domain,
        level,
      })
    }
  }
  return facts
}

/** Documents that state the facts: each fact in exactly `level` documents, never twice in one. */
export function writeDocuments(
  facts: readonly PlantedFact[],
  random: Random,
  relations: readonly PlantedRelation[] = PLANTED_RELATIONS,
): PlantedDocument[] {
  const byRelation = new Map(relations.map((relation) => [relation.id, relation]))
  const bySubject = new Map<string, PlantedFact[]>()
  for (const fact of facts) bySubject.set(fact.subject, [...(bySubject.get(fact.subject) ?? []), fact])
  const documents: PlantedDocument[] = []
  const sentence = (fact: PlantedFact): string => {
    const phrasings = byRelation.get(fact.relation)?.phrasings ?? []
    const phrasing = phrasings[random.integer(phrasings.length)] ?? ''
    return phrasing.replace('{subject}', fact.subject).replace('{object}', fact.object)
  }
  for (const own of bySubject.values()) {
    const left = new Map(own.map((fact) => [fact, fact.level]))
    const pending = (): PlantedFact[] => own.filter((fact) => (left.get(fact) ?? 0) > 0)
    for (let open = pending(); open.length > 0; open = pending()) {
      const told = shuffled(open, random).slice(0, random.uniform() < PAIRED_SHARE ? 2 : 1)
      for (const fact of told) left.set(fact, (left.get(fact) ?? 0) - 1)
      const lines = told.map(sentence)
      if (random.uniform() < FILLER_SHARE) lines.push(FILLERS[random.integer(FILLERS.length)] ?? '')
      documents.push({
        id: `planted/${documents.length}`,
        text: lines.join(' '),
        facts: told.map((fact) => fact.id),
      })
    }
  }
  return documents
}
