import type { EvaluationsReader } from '../../core/index.js'
import { everyEvalEverReader } from './every-eval-ever.js'
import { helmReader } from './helm.js'
import { lightevalReader } from './lighteval.js'
import { lmEvalReader } from './lm-eval.js'
import { olmoLadderConfigReader, olmoLadderReader } from './olmo-ladder.js'
import { testbedEvalReader, testbedModelReader } from './scaling-testbed.js'
import { tidyReader } from './tidy.js'

/** Every format of result files. A file is read by the reader that is surest of it. */
export const EVALUATIONS_READERS: readonly EvaluationsReader[] = [
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
