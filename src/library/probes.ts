/** The questions of an audit, each with the evidence that it needs and the metrics that it declares. */
export {
  downstreamForecast,
  gainProbe,
  heldOutLoss,
  knowledgeBound,
  knowledgeRetention,
  learningRateSchedule,
  lossStability,
  PROBES,
  throughput,
  tokenizerEfficiency,
} from '../probes/index.js'
