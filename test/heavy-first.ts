import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Whole programs, audits and servers take minutes, rooms moments: begun last, one long file would keep a processor waiting. */
const HEAVY = [
  /test\/cli\/(examples|audit-examples|pack)/,
  /test\/(faults|servers|agreement|browser|slurm)\//,
  /test\/(cli|contract|adaptation|library|papers)\//,
  /test\/(coverage|logs|corpus|knowledge|salience)\//,
]

const rank = ({ moduleId }: TestSpecification): number => {
  const found = HEAVY.findIndex((pattern) => pattern.test(moduleId))
  return found < 0 ? HEAVY.length : found
}

/** Longest first, as far as a name tells. */
export class HeavyFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return sorted.toSorted((a, b) => rank(a) - rank(b))
  }
}
