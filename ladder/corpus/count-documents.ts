/** A fact as the counter needs it. */
export interface NamedFact {
  id: string
  subject: string
  relation: string
  object: string
  aliases?: readonly string[]
  subject_aliases?: readonly string[]
}

/** Documents that hold a fact's subject, its object, and both. */
export interface FactCount {
  subjects: number
  objects: number
  both: number
}

const WORD = /[\p{L}\p{N}]+/gu
const WORD_CHARACTER = /[\p{L}\p{N}]/u

/** Names by their first word: one look-up per word of the text, one comparison per name that starts so. */
function indexNames(names: readonly string[]): Map<string, { name: string; lead: number; id: number }[]> {
  const index = new Map<string, { name: string; lead: number; id: number }[]>()
  for (const [id, name] of names.entries()) {
    const first = name.match(WORD)?.[0]
    if (first === undefined)
      throw new Error(`The name ${JSON.stringify(name)} has no letter or digit to match.`)
    const entry = { name, lead: name.indexOf(first), id }
    index.set(first, [...(index.get(first) ?? []), entry])
  }
  return index
}

/**
 * Counts documents by name, as plainly as can be: case-sensitive, a boundary (no letter, no digit) on both
 * sides, aliases count as the name, a document counts once. It is the reference that faster counters are
 * checked against.
 *
 * @param limit documents to read
 * @returns     one count per fact, in order, and the number of documents read
 */
export function countDocuments(
  facts: readonly NamedFact[],
  documents: Iterable<{ text: string }>,
  limit: number = Number.POSITIVE_INFINITY,
): { counts: FactCount[]; documents: number } {
  const ids = new Map<string, number>()
  const idOf = (name: string): number => {
    const id = ids.get(name) ?? ids.size
    ids.set(name, id)
    return id
  }
  const plans = facts.map((fact) => ({
    subjects: [fact.subject, ...(fact.subject_aliases ?? [])].map(idOf),
    objects: [fact.object, ...(fact.aliases ?? [])].map(idOf),
  }))
  const roles = new Map<number, { subjectOf: number[]; objectOf: number[] }>()
  const rolesOf = (id: number): { subjectOf: number[]; objectOf: number[] } => {
    const role = roles.get(id) ?? { subjectOf: [], objectOf: [] }
    roles.set(id, role)
    return role
  }
  for (const [f, plan] of plans.entries()) {
    for (const id of plan.subjects) rolesOf(id).subjectOf.push(f)
    for (const id of plan.objects) rolesOf(id).objectOf.push(f)
  }
  const index = indexNames([...ids.keys()])
  const counts = facts.map((): FactCount => ({ subjects: 0, objects: 0, both: 0 }))
  let read = 0
  for (const { text } of documents) {
    if (read >= limit) break
    read++
    const found = namesIn(text, index)
    if (found.size === 0) continue
    const subjectFacts = new Set<number>()
    const objectFacts = new Set<number>()
    for (const id of found) {
      for (const f of rolesOf(id).subjectOf) subjectFacts.add(f)
      for (const f of rolesOf(id).objectOf) objectFacts.add(f)
    }
    for (const f of subjectFacts) {
      counts[f]!.subjects++
      if (objectFacts.has(f)) counts[f]!.both++
    }
    for (const f of objectFacts) counts[f]!.objects++
  }
  return { counts, documents: read }
}

function namesIn(text: string, index: ReturnType<typeof indexNames>): Set<number> {
  const found = new Set<number>()
  for (const match of text.matchAll(WORD)) {
    for (const { name, lead, id } of index.get(match[0]) ?? []) {
      const at = match.index - lead
      if (at < 0 || !text.startsWith(name, at)) continue
      const before = at === 0 ? '' : text.slice(at - 1, at)
      const after = text.slice(at + name.length, at + name.length + 1)
      const startsWithWord = lead === 0
      if (startsWithWord || !WORD_CHARACTER.test(before)) {
        if (!(WORD_CHARACTER.test(after) && WORD_CHARACTER.test(name.at(-1) ?? ''))) found.add(id)
      }
    }
  }
  return found
}
