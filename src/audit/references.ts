import { join } from 'node:path'
import { bitsOf, type EvidenceByKind, type Reference, type ReferencePassage } from '../core/index.js'
import { raise } from './errors.js'
import { readEvidence, type StoredEvidence } from './store/evidence-folder.js'
import { readBytes } from './store/files.js'
import { PACKAGE_ROOT } from './texts/package-root.js'

/** texts/references.json, as scripts/measure-references.ts writes it: passages once, a column of bits a reference, null where it was not measured. */
interface ReferenceTable {
  readonly passages: readonly (readonly [domain: string, document: string, bytes: number])[]
  readonly references: readonly (Omit<Reference, 'passages'> & {
    readonly bits: readonly (number | null)[]
  })[]
}

/** The ladder, small published models and compressors on the passages that a default audit scores. */
function shippedReferences(): Reference[] {
  const table = JSON.parse(
    readBytes(join(PACKAGE_ROOT, 'texts', 'references.json')).toString('utf8'),
  ) as ReferenceTable
  return table.references.map(({ bits, id, name, kind, note, sha256 }) => ({
    id,
    name,
    kind,
    note,
    sha256,
    passages: table.passages.flatMap(([domain, document, bytes], i): ReferencePassage[] => {
      const own = bits[i]
      return own === null ? [] : [{ domain, document, bytes, bits: own }]
    }),
  }))
}

/** `SmolLM2-135M (Q8)` → `smollm2-135m-q8`. */
const idOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '') || 'audit'

/** Another audit's held-out passages as a reference. */
function referenceOf({ evidence }: StoredEvidence, folder: string, taken: ReadonlySet<string>): Reference {
  const { surprisal, model } = evidence
  if (surprisal === undefined)
    throw raise('not-comparable', 'it has no held-out text to compare with', { path: folder })
  const name = model?.name ?? folder
  const own = idOf(name)
  let id = own
  for (let i = 2; taken.has(id); i++) id = `${own}-${i}`
  return {
    id,
    name: id === own ? name : `${name} (${folder})`,
    kind: 'audit',
    note: model === undefined ? folder : `${model.quantization}, audited in ${folder}`,
    sha256: model?.sha256 ?? null,
    passages: surprisal.documents.map((d) => ({
      domain: d.domain,
      document: d.document,
      bytes: d.bytes,
      bits: bitsOf(d),
    })),
  }
}

/** Of bits on one passage: the same weights differ by less, whatever file they stand in and which engine reads them. */
const SAME_WEIGHTS = 5e-4
/** Passages on which two models cannot agree so closely by chance. */
const LEAST_ALIKE = 3

const keyOf = ({ domain, document, bytes }: { domain: string; document: string; bytes: number }): string =>
  `${domain}\u0000${document}\u0000${bytes}`

/**
 * A model is not compared with itself: the shipped reference of the audited file is left out, and one that needs the same bits on
 * every passage, which is the same model in another file (a checkpoint folder and its GGUF, a server).
 */
export function othersThan(
  references: readonly Reference[],
  { model, surprisal }: Partial<Pick<EvidenceByKind, 'model' | 'surprisal'>>,
): Reference[] {
  const scored = new Map(surprisal?.documents.map((d) => [keyOf(d), bitsOf(d)]))
  return references.filter(({ kind, sha256, passages }) => {
    if (kind !== 'model') return true
    if (sha256 !== null && sha256 === model?.sha256) return false
    const shared = passages.filter((p) => scored.has(keyOf(p)))
    const isAlike = (p: ReferencePassage): boolean =>
      Math.abs(scored.get(keyOf(p))! - p.bits) < SAME_WEIGHTS * p.bits
    return shared.length < LEAST_ALIKE || !shared.every(isAlike)
  })
}

/**
 * What an audit is shown beside: the references that ship, then other audits.
 *
 * @param folders evidence folders
 * @throws {AssayError} as `readEvidence` does; audit/not-comparable for evidence without held-out text
 */
export async function readReferences(folders: readonly string[] = []): Promise<Reference[]> {
  const references = shippedReferences()
  const taken = new Set(references.map((r) => r.id))
  for (const folder of folders) {
    const reference = referenceOf(await readEvidence(folder), folder, taken)
    taken.add(reference.id)
    references.push(reference)
  }
  return references
}
