import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files that take longest, in that order, by a run on two idle processors; what is not named takes seconds. Begun last, one
 * long file would keep a processor waiting.
 */
const LONGEST = [
  'test/cli/pack',
  'test/servers/resume',
  'test/servers/vllm',
  'test/faults/interruption',
  'test/cli/examples',
  'test/contract/engine.index',
  'test/agreement/tokenizers',
  'test/faults/resume',
  'test/logs/properties',
  'test/browser/report',
  'test/coverage/curve-reference',
  'test/servers/faults',
  'test/library/examples',
  'test/servers/same-numbers',
  'test/corpus/resume',
  'test/cli/checkpoints',
  'test/contract/log-readers',
  'test/salience/shipped-vector',
  'test/coverage/forecast',
  'test/coverage/retention-advice',
  'test/coverage/retention-bound',
  'test/corpus/checkpoint-kills',
  'test/agreement/llama-cpp',
  'test/faults/proxy',
  'test/contract/probes',
  'test/cli/clone',
  'test/logs/streams',
  'test/logs/cli',
  'test/faults/audit-input',
  'test/salience/span-losses',
  'test/agreement/checkpoints',
  'test/logs/traps',
  'test/logs/real-logs',
  'test/corpus/profile',
  'test/adaptation/cli',
  'test/library/reference',
  'test/docs/citations',
  'ladder/train/retrain',
  'test/corpus/slurm',
  'test/papers/krajewski-2025',
  'test/knowledge/chain',
  'test/faults/report-files',
]

/** The project whose files share a process. */
export const TOGETHER = 'rooms'

/**
 * Files of one process together, or each would get one of its own: last, since they are short. `src` has the shortest.
 */
const rank = ({ moduleId, project }: TestSpecification): number => {
  const found = LONGEST.findIndex((path) => moduleId.endsWith(`/${path}.test.ts`))
  const byTime = found >= 0 ? found : LONGEST.length + (moduleId.includes('/test/') ? 0 : 1)
  return byTime + (project.name === TOGETHER ? 2 * LONGEST.length : 0)
}

/** Longest first, as measured. */
export class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
