import type { Fact } from '../../core/index.js'
import type { Entities } from '../names/entities.js'
import { loadGrouping } from './count-gatherer.js'
import { countGathering } from './counts.js'
import { type PassHooks, type PassOptions, type PassResult, passCorpus } from './pass-corpus.js'
import type { GroupedSettings } from './settings.js'
import type { Totals } from './totals.js'

export interface CountJob extends GroupedSettings, PassOptions {
  readonly facts: readonly Fact[]
  readonly engine: 'embedded' | 'plain'
}

export interface CountResult extends PassResult<Totals> {
  readonly entities: Entities
}

/**
 * Count the documents of a corpus that hold the facts' names.
 *
 * @throws {AssayError} as passCorpus does
 */
export async function countCorpus(job: CountJob, hooks: PassHooks): Promise<CountResult> {
  const { match, column, textDocument, format, grouping } = job
  await loadGrouping(grouping)
  const gathering = countGathering(job.facts, { match, column, textDocument, format, grouping }, job.engine)
  const result = await passCorpus(gathering, job, hooks)
  return { ...result, entities: result.totals.entities }
}
