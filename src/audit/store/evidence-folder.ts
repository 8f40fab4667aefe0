import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  EVIDENCE_SCHEMA,
  type EvidenceByKind,
  type EvidenceKind,
  type Gate,
  type Input,
} from '../../core/index.js'
import { fileError, raise } from '../errors.js'
import { CODECS } from './codecs/index.js'
import { readBytes, sha256, writeFileAtomic } from './files.js'
import { readParquet, writeParquet } from './parquet.js'

const MANIFEST = 'manifest.json'
const MANIFEST_SCHEMA = 'assay/evidence@1'

/** One kind of evidence in a folder: the version of its schema, its files with their hashes. */
export interface StoredKind {
  readonly schema: number
  readonly files: readonly Input[]
}

/** What lies in an evidence folder and how it came about. */
export interface Manifest {
  readonly schema: 'assay/evidence@1'
  readonly assay: string
  readonly seed: number
  readonly inputs: readonly Input[]
  /** Gates and other judging options that were in force when the evidence was gathered. */
  readonly judging: {
    readonly gates: readonly Gate[]
    readonly baseline?: string
    /** Evidence folders of other audits; absent in older evidence. */
    readonly references?: readonly string[]
  }
  readonly notMeasured: readonly { readonly what: string; readonly why: string }[]
  readonly kinds: Partial<Record<EvidenceKind, StoredKind>>
}

/** Evidence read back: the kinds that are there, and the manifest that says how they came about. */
export interface StoredEvidence {
  readonly manifest: Manifest
  readonly evidence: Partial<EvidenceByKind>
}

/** Writes kinds one by one; `finish` writes the manifest, without which a folder is not evidence. */
export class EvidenceWriter {
  readonly folder: string
  readonly #kinds: Partial<Record<EvidenceKind, StoredKind>> = {}

  constructor(folder: string) {
    this.folder = folder
    try {
      mkdirSync(folder, { recursive: true })
      // A manifest of an earlier audit must not vouch for what is being written now.
      rmSync(join(folder, MANIFEST), { force: true })
    } catch (error) {
      throw fileError(error, folder, 'write')
    }
  }

  async write<Kind extends EvidenceKind>(kind: Kind, value: EvidenceByKind[Kind]): Promise<void> {
    const { head, table } = CODECS[kind].encode(value)
    const files = [`${kind}.json`]
    writeFileAtomic(join(this.folder, files[0]), `${JSON.stringify(head, null, 1)}\n`)
    if (table !== undefined) {
      files.push(`${kind}.parquet`)
      await writeParquet(join(this.folder, files[1]), table)
    }
    this.#kinds[kind] = {
      schema: EVIDENCE_SCHEMA[kind],
      files: files.map((path) => ({ path, sha256: sha256(readBytes(join(this.folder, path))) })),
    }
  }

  finish(about: Omit<Manifest, 'schema' | 'kinds'>): void {
    const manifest: Manifest = { schema: MANIFEST_SCHEMA, ...about, kinds: this.#kinds }
    writeFileAtomic(join(this.folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`)
  }
}

/** Read a folder back, checking every hash and schema version before a number is believed. */
export async function readEvidence(folder: string): Promise<StoredEvidence> {
  const path = join(folder, MANIFEST)
  if (!existsSync(path)) throw raise('no-evidence', `there is no ${MANIFEST}`, { path: folder })
  const manifest = parseJson(path) as Manifest | null
  if (
    manifest === null ||
    typeof manifest !== 'object' ||
    typeof manifest.kinds !== 'object' ||
    !Array.isArray(manifest.inputs) ||
    !Array.isArray(manifest.judging?.gates)
  )
    throw raise('damaged-evidence', 'it is no manifest: kinds, inputs or gates are missing', { path })
  if (manifest.schema !== MANIFEST_SCHEMA)
    throw raise(
      'evidence-version',
      `found schema "${String(manifest.schema)}", expected "${MANIFEST_SCHEMA}"`,
      { path },
    )
  const evidence: Partial<Record<EvidenceKind, unknown>> = {}
  for (const [name, stored] of Object.entries(manifest.kinds)) {
    const kind = name as EvidenceKind
    if (!canRead(kind, stored.schema))
      throw raise(
        'evidence-version',
        `kind "${name}" has schema ${stored.schema}, this version reads ${EVIDENCE_SCHEMA[kind] ?? 'no such kind'}`,
        { path },
      )
    const names = stored.files.map((file) => file.path)
    const expected =
      CODECS[kind].columns.length === 0 ? [`${kind}.json`] : [`${kind}.json`, `${kind}.parquet`]
    if (names.join() !== expected.join())
      throw raise(
        'damaged-evidence',
        `kind "${name}" lists ${names.join(', ') || 'no file'}, expected ${expected.join(', ')}`,
        { path },
      )
    for (const file of stored.files) {
      const filePath = join(folder, file.path)
      if (sha256(readBytes(filePath)) !== file.sha256)
        throw raise('damaged-evidence', 'its hash is not the one in manifest.json', { path: filePath })
    }
    evidence[kind] = await readKind(folder, kind)
  }
  return { manifest, evidence: evidence as Partial<EvidenceByKind> }
}

function canRead(kind: EvidenceKind, schema: number): boolean {
  const codec = CODECS[kind]
  if (codec === undefined) return false
  const current = EVIDENCE_SCHEMA[kind]
  return schema >= (codec.since ?? current) && schema <= current
}

async function readKind<Kind extends EvidenceKind>(
  folder: string,
  kind: Kind,
): Promise<EvidenceByKind[Kind]> {
  const codec = CODECS[kind]
  const head = parseJson(join(folder, `${kind}.json`))
  const table =
    codec.columns.length === 0
      ? {}
      : await readParquet(join(folder, `${kind}.parquet`), codec.columns, codec.laterColumns)
  return codec.decode(head, table)
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readBytes(path).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw raise('damaged-evidence', 'it is not JSON', { path }, error)
    throw error
  }
}
