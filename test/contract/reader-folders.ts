import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** One folder of a room of formats, as it is found on disk. */
interface Folder<Reader, Sample> {
  readonly name: string
  readonly readers: readonly Reader[]
  readonly samples: readonly Sample[]
}

const isReader = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'recognise' in value && 'read' in value

/** Every folder of formats: what its `index.ts` exports that is a reader, and its `samples.ts`. */
export async function foldersOf<Reader, Sample>(room: string): Promise<Folder<Reader, Sample>[]> {
  const folder = join(import.meta.dirname, '../../src/ingest', room, 'formats')
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  return Promise.all(
    names.map(async ({ name }) => {
      const index = (await import(join(folder, name, 'index.ts'))) as object
      const path = join(folder, name, 'samples.ts')
      const beside = existsSync(path)
        ? ((await import(path)) as { samples: readonly Sample[] })
        : { samples: [] }
      return { name, readers: Object.values(index).filter(isReader) as Reader[], samples: beside.samples }
    }),
  )
}

/** What an index lacks: a folder without a reader, a reader without a line in it, a line without a sample, a name twice. */
export function missingFrom<Reader extends { readonly format: string }>(
  index: readonly Reader[],
  folders: readonly Folder<Reader, { readonly format: string }>[],
): string[] {
  const formats = index.map((r) => r.format)
  return [
    ...folders.filter((f) => f.readers.length === 0).map((f) => `${f.name}/index.ts exports no reader`),
    ...folders.flatMap((f) =>
      f.readers.filter((r) => !index.includes(r)).map((r) => `the index lacks ${r.format} of ${f.name}`),
    ),
    ...formats
      .filter((format) => !folders.some((f) => f.samples.some((s) => s.format === format)))
      .map((format) => `${format} has no sample`),
    ...formats.filter((f, i) => formats.indexOf(f) !== i).map((f) => `${f} names two readers`),
  ]
}
