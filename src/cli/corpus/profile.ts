import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type NamedCorpus, profileCorpus } from '../../corpus/index.js'
import { raise } from '../errors.js'
import { outcomeOf } from '../output.js'
import type { Io, Outcome } from '../run.js'
import { abortOnInterrupt } from './interrupt.js'
import type { ReadingOptions } from './options.js'
import { profileJson, profileResult } from './profile-result.js'

/** Options of `assay corpus profile` as the command line gives them. */
export interface ProfileOptions extends ReadingOptions {
  readonly output?: readonly string[]
  readonly without: readonly string[]
}

/** What may be left out, because it takes longer than all else. */
export const NEAR = 'near-duplicates'

const DEFAULT_NAME = 'corpus'

/** `web=crawl/*.jsonl` names a corpus; inputs without a name are one corpus together. */
export function namedCorpora(inputs: readonly string[]): NamedCorpus[] {
  return inputs.map((input) => {
    const at = input.indexOf('=')
    const name = input.slice(0, Math.max(0, at))
    return /^[\w.-]+$/.test(name) ? { name, input: input.slice(at + 1) } : { name: DEFAULT_NAME, input }
  })
}

/** `assay corpus profile`: what a corpus holds. */
export async function runProfile(
  inputs: readonly string[],
  options: ProfileOptions,
  io: Io,
): Promise<Outcome> {
  if (inputs.length === 0)
    throw raise('bad-option', 'no corpus is named: pass files, folders, globs, s3:// or https:// addresses')
  const { checkpoint } = options
  if (options.resume === true && checkpoint === undefined)
    throw raise('bad-option', '--resume needs --checkpoint, the folder of finished shards')
  const progress = io.progress('profiling')
  const { signal, release } = abortOnInterrupt(io)
  const started = performance.now()
  try {
    const profile = await profileCorpus(
      {
        corpora: namedCorpora(inputs),
        near: !options.without.includes(NEAR),
        column: options.columns.text ?? 'text',
        textDocument: options.sampleBy,
        format: options.format,
        strict: options.strict === true,
        threads: options.threads,
        shard: null,
        checkpoint: checkpoint ?? null,
        resume: options.resume === true,
        tables:
          checkpoint === undefined
            ? mkdtempSync(join(tmpdir(), 'assay-profile-'))
            : join(checkpoint, 'tables'),
      },
      { signal, progress: (done, total) => progress.update(done, total) },
    )
    for (const note of profile.notes) io.note(note)
    const seconds = (performance.now() - started) / 1000
    const outcome = await outcomeOf(profileResult(profile, inputs, seconds, io.seed), io, {
      own: profileJson(profile, seconds),
      exitCode: 0,
      files: options.output,
    })
    profile.finish()
    return outcome
  } finally {
    release()
    progress.end()
  }
}
