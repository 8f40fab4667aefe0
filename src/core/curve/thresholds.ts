/** Every threshold of the verdict in one place; docs/curve.md quotes them, docs/validation/curve.md shows how they do. */
export const THRESHOLDS = {
  /** Fewer finite losses than this are not judged. */
  leastPoints: 8,
  /** … of a run that reached its plan: what is missing is only how often it was logged. */
  leastPointsComplete: 4,
  /** A validation loss within this of its best stands at its best, nats. */
  atBestNats: 0.02,
  /** … and has fallen when it lies below its first value by this share. */
  validationFall: 0.01,
  /** An end gap counts from here on, nats (healthy runs: ≤ .026, broken ones: ≥ .37). */
  liftedNats: 0.15,
  /** … in logs of fewer levels than this, whose noise is not known. */
  shortLog: 20,
  liftedShortNats: 0.5,
  /** … and from this many deviations of the smooth. */
  liftedDeviations: 5,
  /** … which excuse no more than this, nats. */
  noiseCapNats: 1.5,
  /** A drift without spikes shows this share of the gap between medians over a twentieth of the run, too. */
  driftShare: 0.5,
  /** … in a log of at least this many losses; in a shorter one a drift is as large as in logs of unknown noise. */
  driftLeastPoints: 200,
  /** Largest gap that still is no divergence, nats; for small drops a share of what had been learned. */
  divergedNats: 1,
  divergedLeastNats: 0.5,
  divergedShare: 0.35,
  /** Single values above the best level by this are an excursion, nats or share; and by these deviations. */
  excursionNats: 0.4,
  excursionShare: 0.1,
  excursionDeviations: 8,
  /** A level this far above the best one has left it: nats, and deviations of a single value (medians of five scatter half as much). */
  onsetNats: 0.1,
  onsetDeviations: 2,
  /** A rise within twenty rows by these deviations is a jump; a slower one is a drift. */
  jumpDeviations: 3,
  /** Minor outliers: robust deviations of the values before, and nats. */
  minorDeviations: 12,
  minorNats: 0.15,
  /** … and from this height on they are spikes even where earlier ones have widened the monitor's window, nats. */
  plainNats: 1,
  /**
   * A spike left its mark when the law, fitted around it, stands this much higher behind it: nats, deviations, and the
   * lower end of its interval (spikes that came back: ≤ .09 in 1,044 fits).
   */
  lastingNats: 0.2,
  lastingDeviations: 2,
  lastingLowNats: 0.1,
  /** … and so much of it shows right behind the spike: a single loss that comes straight back leaves nothing. */
  lastingJump: 0.4,
  /** A loss has settled behind a spike within this of the level before it, nats, or within noise of it. */
  settledNats: 0.1,
  /** Recovery within this many logged rows is fast. */
  fastRows: 20,
  /** Rise of the validation loss above its best, nats and share. */
  overfitNats: 0.03,
  overfitShare: 0.03,
  /** Growth of the validation loss's distance from the training loss that is worth a warning, nats and share. */
  gapNats: 0.1,
  gapShare: 0.05,
  /** Rise of the validation loss at each evaluation behind its best that is worth a warning, nats; it counts where the training loss rises by so many errors, too. */
  regressedNats: 0.02,
  regressedDeviations: 2,
  /** Without a fall of this share of the level (or one that noise explains) a run is flat. */
  flatShare: 0.02,
  flatStartShare: 0.05,
  flatLeastPoints: 20,
  /** A log whose first step lies further from 0 than this share of the run (and two rows) begins in its middle. */
  beginsShare: 0.02,
  /** A run from scratch: its first loss is at least this, nats. */
  scratchNats: 4,
  /** Stuck: the level stays above this share of the first loss and falls by less than the other over the later 70 %. */
  stuckShare: 0.6,
  stuckSpan: 0.7,
  plateauShare: 0.0075,
  /** … seen in at least this many losses, unless the loss never left its start. */
  plateauLeastPoints: 50,
  /** Flat tail of a schedule, share of the run: from here a mismatch, from there a note. */
  flatTail: 0.1,
  flatTailNote: 0.03,
  /** Rate that a decay still had to fall, share of the peak. */
  unfinished: 0.1,
  /** Steps missing at the end, share of the plan. */
  truncatedShare: 0.005,
  /** Against a reference: nats. */
  degradedNats: 0.03,
  /** A return to an earlier step for no visible reason counts as a roll-back from this share of the steps done on. */
  rolledBackShare: 0.25,
  /** What a roll-back threw away was in trouble when it ended this far, or peaked that far, above what lies around it, nats. */
  troubleNats: 0.3,
  troublePeakNats: 1,
  /** … and by these deviations. */
  troubleDeviations: 6,
  /** A value that the monitor flags is a spike from this height above the mean before it on, nats or share. */
  spikeNats: 0.4,
  spikeShare: 0.1,
  /** A learning rate raised by this factor since the best level explains a loss that rose with it. */
  raisedRate: 1.5,
  /** A first step within this share of the run begins at its start; a warm-up is seen where rows lie as close as that. */
  startShare: 0.001,
  warmupRowsShare: 0.002,
  /** A fitted schedule is of its kind up to this residual, share of the peak. */
  goodFit: 0.03,
  /** A decay that reached less than this share above its floor is finished; along a line, whose floor cannot be told from its fall, the other. */
  finishedShare: 0.02,
  finishedLineShare: 0.25,
  /** The early alarm: losses that are not finite in a row; a level this far above the best so far, nats, for so many windows. */
  stopRows: 3,
  stopNats: 0.5,
  stopWindows: 2,
  /** Minor outliers that are listed. */
  mostMinor: 20,
  /** Growth of the gradient norm that is worth a warning. */
  gradientGrowth: 4,
} as const
