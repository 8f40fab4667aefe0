import { concatPieces, type TrainingRun } from '../core/index.js'

/** What was read of logs at the look before: a rotated log has lost it. */
export class History {
  private before = new Map<string, TrainingRun>()

  /**
   * Runs with what came before where their log was rotated since the last look: it begins behind the place where it
   * began then. One that begins anew at its start is another run.
   *
   * @param reference run that is left as it is
   */
  withEarlier(runs: readonly TrainingRun[], reference?: string): TrainingRun[] {
    const whole = runs.map((run) => {
      const earlier = this.before.get(run.id)
      if (run.id === reference || earlier === undefined || !(run.step[0] > earlier.step[0])) return run
      const joined = concatPieces(earlier, run)
      // Nobody gave two files that were joined.
      const notes = joined.notes.filter((note) => note.code !== 'joined')
      return { ...joined, source: run.source, notes }
    })
    this.before = new Map(whole.map((run) => [run.id, run] as const))
    return whole
  }
}
