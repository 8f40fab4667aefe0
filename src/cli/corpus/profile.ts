import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { writeFileAtomic } from '../../audit/index.js'
import type { Estimate } from '../../core/index.js'
import { withoutSecrets } from '../../core/text/addresses.js'
import { counted } from '../../core/text/counted.js'
import {
  type CorpusProfile,
  lostIn,
  mergeProfile,
  type NamedCorpus,
  type PassHooks,
  PROFILE_FORM,
  type ProfileJob,
  type ProfileSettings,
  planProfile,
  profileCorpus,
  profileShard,
  runArray,
  type Shard,
} from '../../corpus/index.js'
import { oneLine } from '../../report/index.js'
import { raise } from '../errors.js'
import { openTokenizer } from '../open-tokenizer.js'
import { outcomeOf } from '../output.js'
import type { Io, Outcome } from '../run.js'
import { scratchFolder } from '../scratch.js'
import { exitCodeOf, lostFields, missingLines, skippedLines } from './describe.js'
import { abortOnInterrupt } from './interrupt.js'
import { checkNames, checkWeights, namedCorpora, type ReadingOptions } from './options.js'
import { profileCard } from './profile-card.js'
import { mixOf, mixSection, writeProfileTable } from './profile-mix.js'
import { PROFILE_SCHEMA, profileJson, profileResult } from './profile-result.js'
import { coverTargets } from './profile-target.js'
import { countTokens } from './profile-tokens.js'

/** Options of `assay corpus profile` as the command line gives them. */
export interface ProfileOptions extends ReadingOptions {
  readonly output?: readonly string[]
  readonly without: readonly string[]
  readonly target: readonly string[]
  readonly sample?: number
  readonly tokenizer?: string
  readonly card?: string
  readonly weights?: Readonly<Record<string, string>>
  readonly out?: string
  readonly engine: 'embedded' | 'slurm'
  readonly parts?: string
  readonly shard?: Shard
  readonly shards: number
  readonly sbatch: readonly string[]
}

/** What may be left out, because it takes longer than all else. */
export const NEAR = 'near-duplicates'

/** `law=docs/*.txt` names a target; without a name it is called by its path. */
function namedTargets(targets: readonly string[]): NamedCorpus[] {
  return targets.map((target) => {
    const at = target.indexOf('=')
    return /^[^/:?]+=/.test(target)
      ? { name: target.slice(0, at), input: target.slice(at + 1) }
      : { name: withoutSecrets(target), input: target }
  })
}

export function parseWithout(text: string, previous: readonly string[] = []): string[] {
  if (text !== NEAR) throw new InvalidArgumentError(`found "${text}", expected ${NEAR}.`)
  return [...previous, text]
}

function checkOptions(inputs: readonly string[], options: ProfileOptions): void {
  const { shard, parts, engine, resume, checkpoint } = options
  if (inputs.length === 0)
    throw raise('bad-option', 'no corpus is named: pass files, folders, globs, s3:// or https:// addresses')
  if (resume === true && checkpoint === undefined && parts === undefined)
    throw raise(
      'bad-option',
      '--resume needs --checkpoint or --parts, which name the folder of finished shards',
    )
  if (shard !== undefined && (parts === undefined || engine === 'slurm'))
    throw raise('bad-option', '--shard needs --parts, the folder that all shards share, and no --engine')
  if (engine === 'slurm' && parts === undefined)
    throw raise('bad-option', '--engine slurm needs --parts, a folder that every node sees')
  if (options.sample !== undefined && options.target.length > 0)
    throw raise('bad-option', '--target asks what never stands in the corpus, which no --sample can tell')
  if (options.out !== undefined && !options.out.endsWith('.parquet'))
    throw raise('bad-option', `found --out ${options.out}, expected a name that ends in .parquet`)
  if (options.tokenizer !== undefined && options.sample !== undefined)
    throw raise('bad-option', '--tokenizer draws its own sample: give it without --sample')
  if (options.weights !== undefined && options.sample !== undefined)
    throw raise('bad-option', '--weights needs the whole of each corpus, not a --sample of all')
  if (options.weights !== undefined) checkWeights(inputs, options.weights)
  const late = (['output', 'out', 'card', 'weights', 'tokenizer'] as const).find(
    (name) => options[name] !== undefined,
  )
  if (shard !== undefined && late !== undefined)
    throw raise(
      'bad-option',
      `--shard writes its part alone: give ${late === 'output' ? '-o' : `--${late}`} to the call that merges (--parts without --shard)`,
    )
  if (parts?.startsWith('s3://') === true)
    throw raise('bad-option', `found --parts ${parts}: tables of duplicates need a folder of a file system`)
}

/** What decides the profile. */
function settingsOf(inputs: readonly string[], options: ProfileOptions, seed: number): ProfileSettings {
  return {
    corpora: namedCorpora(inputs),
    targets: namedTargets(options.target),
    sample: options.sample === undefined ? null : { share: options.sample, seed },
    near: !options.without.includes(NEAR),
    column: options.columns.text ?? 'text',
    textDocument: options.sampleBy,
    format: options.format,
  }
}

/** Folder of what is kept for --resume. */
function keptIn({ checkpoint, parts, shard }: ProfileOptions): string | undefined {
  return parts === undefined ? checkpoint : join(parts, `checkpoint-${shard?.index ?? 0}`)
}

/** The same, and where it is gathered. */
function jobOf(
  inputs: readonly string[],
  options: ProfileOptions,
  seed: number,
  kept = keptIn(options)!,
): ProfileJob {
  return {
    ...settingsOf(inputs, options, seed),
    strict: options.strict === true,
    threads: options.threads ?? null,
    shard: options.shard ?? null,
    checkpoint: keptIn(options) ?? null,
    resume: options.resume === true,
    tables: join(kept, 'tables'),
  }
}

/** The words of this very command for one shard. */
function shardCommand(
  inputs: readonly string[],
  options: ProfileOptions,
  parts: string,
  seed: number,
): string[] {
  const pairs = Object.entries(options.columns).map(([name, column]) => `${name}=${column}`)
  return [
    process.execPath,
    process.argv[1]!,
    ...['corpus', 'profile', '--format', options.format, '--sample-by', options.sampleBy],
    ...(pairs.length === 0 ? [] : ['--columns', pairs.join(',')]),
    ...options.without.flatMap((measure) => ['--without', measure]),
    ...options.target.flatMap((target) => ['--target', target]),
    ...(options.strict === true ? ['--strict'] : []),
    ...(options.sample === undefined ? [] : ['--sample', String(options.sample), '--seed', String(seed)]),
    ...['--parts', parts, '--resume', ...inputs],
  ]
}

interface Told {
  readonly profile: CorpusProfile
  readonly how: string
}

type Gather = (
  inputs: readonly string[],
  options: ProfileOptions,
  hooks: PassHooks & { readonly seed: number; note(text: string): void },
) => Promise<Told>

const profileHere: Gather = async (inputs, options, hooks) => {
  const scratch = keptIn(options) === undefined ? scratchFolder('profile') : undefined
  try {
    const profile = await profileCorpus(jobOf(inputs, options, hooks.seed, scratch?.path), hooks)
    return { profile, how: counted(profile.threads, 'thread') }
  } finally {
    scratch?.release()
  }
}

/** The parts of `--shard` runs that stand there already. */
const mergeParts: Gather = async (inputs, options, { seed }) => {
  const profile = await mergeProfile(options.parts!, jobOf(inputs, options, seed))
  return { profile, how: `${counted(profile.threads, 'shard')} merged` }
}

const profileOnSlurm: Gather = async (inputs, options, hooks) => {
  const { shards, parts = '' } = options
  const job = jobOf(inputs, options, hooks.seed)
  await runArray({
    name: 'assay-profile',
    form: PROFILE_FORM,
    command: shardCommand(inputs, options, parts, hooks.seed),
    folder: parts,
    logs: join(parts, 'logs'),
    shards,
    cpusPerTask: options.threads ?? availableParallelism(),
    retries: 2,
    sbatch: options.sbatch,
    resume: options.resume === true,
    planned: await planProfile(job, job.strict),
    signal: hooks.signal,
    note: hooks.note,
  })
  return { profile: await mergeProfile(parts, job), how: `engine slurm, ${counted(shards, 'shard')}` }
}

/** Write and tell what a profile found; what fails keeps neither the rest nor the checkpoint back. */
async function conclude(
  { profile, how }: Told,
  inputs: readonly string[],
  options: ProfileOptions,
  io: Io,
  { seconds, tokens }: { readonly seconds: number; readonly tokens: Estimate | undefined },
): Promise<Outcome> {
  const reading = { ...profile, lost: lostIn(profile.skipped) }
  for (const note of [...profile.notes, ...skippedLines(profile.skipped), ...missingLines(reading)])
    io.note(note)
  const mix = options.weights === undefined ? undefined : mixOf(profile, options.weights)
  const covered = coverTargets(profile, io.seed)
  const result = profileResult(profile, covered, inputs, seconds, how, io.seed, tokens)
  const sections = mix === undefined ? result.sections : [...result.sections, mixSection(mix, profile)]
  const shown = { ...result, sections: sections.toSorted((a, b) => a.order - b.order) }
  let failed = false
  const writing = {
    ...io,
    failed(error: unknown) {
      failed = true
      io.failed(error)
    },
  }
  const outcome = await outcomeOf(shown, writing, {
    own: {
      ...profileJson(profile, covered, seconds, tokens),
      ...(mix === undefined ? {} : { mix }),
      ...lostFields(reading),
    },
    exitCode: exitCodeOf(reading),
    files: options.output,
  })
  const { out, card } = options
  const write = async (path: string, content: () => Promise<void> | void): Promise<void> => {
    try {
      await content()
      io.note(`Wrote ${path}`)
    } catch (error) {
      writing.failed(error)
    }
  }
  if (out !== undefined) await write(out, () => writeProfileTable(out, profile))
  if (card !== undefined) await write(card, () => writeFileAtomic(card, profileCard(profile)))
  if (!failed) profile.finish()
  return outcome
}

/** `assay corpus profile`: what a corpus holds. */
export async function runProfile(
  inputs: readonly string[],
  options: ProfileOptions,
  io: Io,
): Promise<Outcome> {
  checkOptions(inputs, options)
  const { shard, parts, engine, weights } = options
  await checkNames(inputs, weights !== undefined && '--weights', io.note)
  const progress = io.progress('profiling')
  const { signal, release } = abortOnInterrupt(io)
  let opened: Awaited<ReturnType<typeof openTokenizer>> | undefined
  const started = performance.now()
  const hooks = {
    signal,
    note: io.note,
    seed: io.seed,
    progress: (done: number, total: number) => progress.update(done, total),
  }
  try {
    if (shard !== undefined && parts !== undefined) {
      const { path, documents, bytes, notes } = await profileShard(
        { ...jobOf(inputs, options, io.seed), shard },
        parts,
        hooks,
      )
      for (const note of notes) io.note(note)
      const json = {
        schema: PROFILE_SCHEMA,
        seed: io.seed,
        inputs: [],
        findings: [],
        documents,
        bytes,
        shard,
        part: path,
      }
      return {
        json,
        text: `${counted(documents, 'document')} of shard ${shard.index}/${shard.of}: ${oneLine(path)}`,
        exitCode: 0,
      }
    }
    const gather = engine === 'slurm' ? profileOnSlurm : parts === undefined ? profileHere : mergeParts
    // One that cannot be opened is told before hours of reading.
    if (options.tokenizer !== undefined) opened = await openTokenizer(options.tokenizer, {}, io, signal)
    const told = await gather(inputs, options, hooks)
    const seconds = (performance.now() - started) / 1000
    const read = settingsOf(inputs, options, io.seed)
    const tokens =
      opened === undefined ? undefined : await countTokens(opened.tokenizer, read, told.profile, io.seed)
    return await conclude(told, inputs, options, io, { seconds, tokens })
  } finally {
    await opened?.close()
    release()
    progress.end()
  }
}
