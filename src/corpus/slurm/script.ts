import { shellWord } from '../../core/text/quoted.js'

/** What the array job runs: one shard a task. */
export interface ArrayScript {
  /** Words of the command that counts, without `--shard`: they are quoted here. */
  readonly command: readonly string[]
  readonly shards: number
  /** How often the scheduler starts a failed task again. */
  readonly retries: number
}

/** Exit code of bad input (README.md): trying again cannot help. */
const BAD_INPUT = 3

/**
 * The batch script. A task that fails hands itself back to the queue, so that another node may take it; its
 * checkpoint lets it go on where it was. `scontrol requeue` is used because a plain non-zero exit is final in Slurm.
 */
export function toArrayScript({ command, shards, retries }: ArrayScript): string {
  return `#!/bin/bash
shard="$SLURM_ARRAY_TASK_ID"
${command.map(shellWord).join(' ')} --shard "$shard/${shards}" --threads "\${SLURM_CPUS_PER_TASK:-1}"
code=$?
if [ "$code" -ne 0 ] && [ "$code" -ne ${BAD_INPUT} ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${retries} ]; then
  echo "shard $shard ended with $code: back to the queue" >&2
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$shard" && sleep 600
fi
exit "$code"
`
}

/** `[0, 1, 2, 5]` as `0-2,5`. */
export function toRanges(indices: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const index of indices) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === index - 1) last[1] = index
    else ranges.push([index, index])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',')
}
