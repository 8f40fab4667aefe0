import type { EvaluationsReader } from '../../../core/index.js'
import { assayReader } from './assay/index.js'
import { everyEvalEverReader } from './every-eval-ever/index.js'
import { helmReader } from './helm/index.js'
import { lightevalReader } from './lighteval/index.js'
import { lmEvalReader } from './lm-eval/index.js'
import { olmoLadderConfigReader, olmoLadderReader } from './olmo-ladder/index.js'
import { testbedEvalReader, testbedModelReader } from './scaling-testbed/index.js'
import { tidyReader } from './tidy/index.js'

/** Every format of result files. A file is read by the reader that is surest of it. */
export const EVALUATIONS_READERS: readonly EvaluationsReader[] = [
  assayReader,
  everyEvalEverReader,
  helmReader,
  lightevalReader,
  lmEvalReader,
  olmoLadderConfigReader,
  olmoLadderReader,
  testbedEvalReader,
  testbedModelReader,
  tidyReader,
]
