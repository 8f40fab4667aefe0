import { z } from 'zod'
import { withoutSecrets } from '../../core/text/addresses.js'
import type { CorpusSettings } from '../job/settings.js'
import type { Sample } from '../readers/draw.js'
import { expandInputs } from '../readers/plan.js'

/** A corpus that is profiled beside others: its name and what it was named by. */
export interface NamedCorpus {
  readonly name: string
  /** A file, a folder or a glob. */
  readonly input: string
}

/** Corpora as they may be written down: a query may be secret, and is another one for every signature. */
export function recorded(corpora: readonly NamedCorpus[]): NamedCorpus[] {
  return corpora.map(({ name, input }) => ({ name, input: withoutSecrets(input) }))
}

/** What decides a profile. */
export interface ProfileSettings extends CorpusSettings {
  readonly corpora: readonly NamedCorpus[]
  /** Whether near duplicates are looked for. */
  readonly near: boolean
  /** Texts that the corpus is to cover. */
  readonly targets: readonly NamedCorpus[]
  /** null = the whole corpus is read. */
  readonly sample: Sample | null
}

export function recordedSettings(settings: ProfileSettings): ProfileSettings {
  return { ...settings, corpora: recorded(settings.corpora), targets: recorded(settings.targets) }
}

export const profileSettings: z.ZodType<ProfileSettings> = z.object({
  column: z.string(),
  textDocument: z.enum(['line', 'paragraph', 'file']),
  format: z.enum(['auto', 'parquet', 'jsonl', 'text']),
  corpora: z.array(z.object({ name: z.string(), input: z.string() })),
  near: z.boolean(),
  targets: z.array(z.object({ name: z.string(), input: z.string() })),
  sample: z.object({ share: z.number(), seed: z.number() }).nullable(),
})

/** Settings in the words of the command line. */
export function profileOptions(settings: ProfileSettings): Readonly<Record<string, string>> {
  return {
    '--columns': `text=${settings.column}`,
    '--sample-by': settings.textDocument,
    '--format': settings.format,
    '--without': settings.near ? '' : 'near-duplicates',
    '--target': settings.targets.map(({ name, input }) => `${name}=${input}`).join(' '),
    '--sample': settings.sample === null ? '' : `${settings.sample.share} (--seed ${settings.sample.seed})`,
    CORPUS: settings.corpora.map(({ name, input }) => `${name}=${input}`).join(' '),
  }
}

/** Files that inputs of several names hold, which are of the first name. @throws {AssayError} corpus/no-input */
export async function sharedFiles(
  corpora: readonly NamedCorpus[],
): Promise<{ readonly path: string; readonly names: readonly string[] }[]> {
  if (new Set(corpora.map(({ name }) => name)).size < 2) return []
  const { files, inputsOf } = await expandInputs(corpora.map(({ input }) => input))
  return files
    .map((path, i) => ({ path, names: [...new Set(inputsOf[i]!.map((k) => corpora[k]!.name))] }))
    .filter(({ names }) => names.length > 1)
}
