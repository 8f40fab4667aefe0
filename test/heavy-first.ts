import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take longest, in that order, by a run on two idle processors; what is not named takes seconds. Begun last, one
 * long file would keep a processor waiting.
 */
const LONGEST = [
  'test/cli/pack',
  'test/cli/examples',
  'ladder/train/retrain',
  'test/servers/resume',
  'test/contract/engine.index',
  'test/servers/same-numbers',
  'test/faults/interruption',
  'test/corpus/slurm',
  'test/agreement/tokenizers',
  'test/browser/report',
  'test/corpus/resume',
  'test/faults/resume',
  'test/papers/krajewski-2025',
  'test/agreement/llama-cpp',
  'test/cli/checkpoints',
  'test/servers/faults',
  'test/corpus/checkpoint-kills',
  'test/coverage/retention-bound',
  'test/coverage/curve-reference',
  'test/logs/properties',
  'test/salience/shipped-vector',
  'test/library/examples',
  'test/coverage/forecast',
  'test/knowledge/chain',
  'test/faults/audit-input',
  'test/coverage/retention-advice',
  'test/faults/proxy',
  'test/faults/report-files',
]

/** Rooms last: moments each. */
const rank = ({ moduleId }: TestSpecification): number => {
  const found = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}.test.ts`))
  if (found >= 0) return found
  return moduleId.includes('/test/') ? LONGEST.length : LONGEST.length + 1
}

/** Longest first, as measured. */
export class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
