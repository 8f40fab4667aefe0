import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { raise } from '../errors.js'
import { deleteS3, listS3 } from '../readers/s3.js'
import { openSource } from '../readers/source.js'
import { unitKey } from '../readers/unit.js'
import { deleteCheckpoint } from './checkpoint.js'
import { writeAnywhere } from './files.js'
import type { Gathered, PartForm, PartJob, Sum } from './gathering.js'
import { decodePart, encodePart, type Part, type ShardNote } from './part.js'
import { nothingRead, type PassResult, type Shard } from './pass-corpus.js'
import { differenceFrom, type PlannedPass } from './planned.js'
import { differingOptions } from './settings.js'

const NAME = /(?:^|\/)shard-(\d{5,})-of-(\d{5,})\.part\.json\.gz$/

/** Whether `--out` names a place for a shard's part, not a table. */
export function isPartFolder(out: string): boolean {
  return out.endsWith('/')
}

function nameOf({ index, of }: Shard): string {
  const pad = (n: number): string => String(n).padStart(5, '0')
  return `shard-${pad(index)}-of-${pad(of)}.part.json.gz`
}

/** Write a shard's result into a folder or under an `s3://…/` prefix, whole or not at all; returns its path. */
export async function writeShard<G extends Gathered, S>(
  folder: string,
  shard: Shard,
  result: PassResult<Sum<G>>,
  settings: S,
  form: PartForm<G, S>,
): Promise<string> {
  const path = `${folder.replace(/\/$/, '')}/${nameOf(shard)}`
  const { job, units, plan, files } = result
  const note: ShardNote<S> = { ...shard, plan, files, settings }
  await writeAnywhere(
    path,
    encodePart({ job, units: units.map(unitKey), gathered: result.totals.toGathered(), shard: note }, form),
  )
  return path
}

/** Results of shards in a folder or under an `s3://` prefix; nothing where the folder does not exist. */
export async function listShards(folder: string): Promise<{ path: string; shard: Shard }[]> {
  const base = folder.replace(/\/$/, '')
  const found: { path: string; shard: Shard }[] = []
  let paths: string[]
  try {
    paths = folder.startsWith('s3://')
      ? await listS3(`${base}/`)
      : readdirSync(base).map((name) => join(base, name))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return []
    if (code === 'ENOTDIR')
      throw raise('parts-disagree', 'it is a file, not a folder of parts', { path: folder })
    throw error
  }
  for (const path of paths) {
    const match = NAME.exec(path)
    if (match !== null) found.push({ path, shard: { index: Number(match[1]), of: Number(match[2]) } })
  }
  return found.sort((a, b) => a.shard.index - b.shard.index)
}

/** Folders of what shards have begun. */
function begun(folder: string): string[] {
  if (folder.startsWith('s3://') || !existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^checkpoint-\d+$/.test(name))
    .map((name) => join(folder, name))
}

/** Whether there is anything that `--resume` would go on from. */
export async function hasShards(folder: string): Promise<boolean> {
  return begun(folder).length > 0 || (await listShards(folder)).length > 0
}

/** Remove the results of an earlier pass, and what its shards had begun. */
export async function deleteShards(folder: string): Promise<void> {
  for (const { path } of await listShards(folder))
    if (path.startsWith('s3://')) await deleteS3(path)
    else rmSync(path)
  // Without this a worker would go on from the checkpoint of the count that was to be forgotten.
  for (const path of begun(folder)) deleteCheckpoint(path)
}

async function readShard<G extends Gathered, S>(
  path: string,
  form: PartForm<G, S>,
): Promise<{ part: Part<G, S>; note: ShardNote<S> }> {
  let bytes: Uint8Array
  if (path.startsWith('s3://')) {
    const source = await openSource(path)
    bytes = await source.read(0, source.size ?? 0)
  } else bytes = readFileSync(path)
  const part = decodePart(bytes, path, form)
  if (part.shard === undefined)
    throw raise('bad-part', 'it is a checkpoint, not the result of a shard', { path })
  return { part, note: part.shard }
}

/**
 * Whether the results that stand in a folder are shards of this very pass.
 *
 * @throws {AssayError} corpus/other-job, saying which one is not and what differs; corpus/bad-part
 */
export async function checkShards<G extends Gathered, S>(
  folder: string,
  shards: number,
  planned: PlannedPass<S>,
  form: PartForm<G, S>,
): Promise<void> {
  for (const { path, shard } of await listShards(folder)) {
    if (shard.of !== shards)
      throw raise('other-job', `it is one of ${shard.of} shards, this call has --shards ${shards}`, { path })
    const { part, note } = await readShard(path, form)
    const difference = differenceFrom(planned, part, note, form)
    if (difference !== undefined) throw raise('other-job', difference, { path })
  }
}

export interface Merged<S, T> {
  readonly totals: T
  readonly settings: S
  readonly shards: number
  readonly files: number
}

/**
 * Add up all shards of one pass. Every shard must be there once, from the same corpus and options; then the sums are
 * exactly those of an undivided pass.
 *
 * @param form     how the parts stand on disk
 * @param jobOf    the job that parts of these settings belong to
 * @param planned  what the call is to read, where it knows; otherwise the parts need only agree with each other
 * @throws {AssayError} corpus/parts-disagree, corpus/bad-part, and corpus/other-job where they are not what is planned
 */
export async function mergeShards<G extends Gathered, S, T extends Sum<G>>(
  folder: string,
  form: PartForm<G, S>,
  jobOf: (settings: S) => PartJob<G, S, T>,
  planned?: PlannedPass<S>,
): Promise<Merged<S, T>> {
  const listed = await listShards(folder)
  const [head] = listed
  if (head === undefined) throw raise('parts-disagree', 'there is no result of a shard', { path: folder })
  const { note: first } = await readShard(head.path, form)
  const seen = new Set<number>()
  const parts = jobOf(first.settings)
  const totals = parts.sum()
  let bytes = 0
  for (const { path, shard } of listed) {
    const { part, note } = await readShard(path, form)
    const difference = planned === undefined ? undefined : differenceFrom(planned, part, note, form)
    if (difference !== undefined) throw raise('other-job', difference, { path })
    if (part.job !== parts.job) {
      const { there, here } = differingOptions(form.toOptions(note.settings), form.toOptions(first.settings))
      const other = there === '' ? `other ${form.beside}` : `${there}, the first part with ${here}`
      throw raise('parts-disagree', `it was made with ${other}`, { path })
    }
    if (note.of !== first.of)
      throw raise('parts-disagree', `it is one of ${note.of}, the first of ${first.of}`, { path })
    if (note.plan !== first.plan)
      throw raise('parts-disagree', 'the corpus had other files, or changed ones, when it was made', {
        path,
      })
    if (note.index !== shard.index)
      throw raise('parts-disagree', `it holds shard ${note.index}, its name says ${shard.index}`, { path })
    const fault = parts.fault?.(part.gathered)
    if (fault !== undefined)
      throw raise('bad-part', `${fault.what} (shard ${note.index})`, { path: fault.path })
    seen.add(note.index)
    bytes += part.gathered.bytes
    totals.add(part.gathered)
  }
  const missing = Array.from({ length: first.of }, (_, i) => i).filter((i) => !seen.has(i))
  if (missing.length > 0)
    throw raise('parts-disagree', `of ${first.of} shards these are missing: ${missing.join(', ')}`, {
      path: folder,
    })
  if (bytes === 0) throw nothingRead(totals.toGathered(), folder)
  return { totals, settings: first.settings, shards: first.of, files: first.files }
}
