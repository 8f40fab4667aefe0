import { join } from 'node:path'
import { bitsOf, type Reference, type ReferencePassage } from '../core/index.js'
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

/** A model is not compared with itself: the shipped reference of the audited file is left out. */
export function othersThan(references: readonly Reference[], sha256: string | undefined): Reference[] {
  return references.filter((r) => r.kind !== 'model' || r.sha256 !== sha256)
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
