import type { LogReader } from '../../core/index.js'
import { buildNanogptReader } from './build-nanogpt.js'
import { buildNanogptLogReader } from './build-nanogpt-log.js'
import { composerReader } from './composer.js'
import { csvReader, wandbCsvReader } from './csv.js'
import { fairseqReader } from './fairseq.js'
import { hfStdoutReader } from './hf-stdout.js'
import { hfTrainerStateReader } from './hf-trainer-state.js'
import { jsonlReader, jsonTableReader } from './jsonl.js'
import { keyValueReader } from './key-value.js'
import { llmcReader } from './llmc.js'
import { llmcStdoutReader } from './llmc-stdout.js'
import { megatronReader } from './megatron.js'
import { megatronGoldenReader } from './megatron-golden.js'
import { mlperfReader } from './mlperf.js'
import { moddedNanogptReader } from './modded-nanogpt.js'
import { nanochatReader } from './nanochat.js'
import { nanogptReader } from './nanogpt.js'
import { olmoCoreReader } from './olmo-core.js'
import { tensorboardReader } from './tensorboard.js'
import { torchtitanReader } from './torchtitan.js'

/** Every log format, the more particular ones first: of equal certainty the earlier wins. */
export const LOG_READERS: readonly LogReader[] = [
  tensorboardReader,
  hfTrainerStateReader,
  megatronGoldenReader,
  mlperfReader,
  wandbCsvReader,
  megatronReader,
  llmcReader,
  llmcStdoutReader,
  moddedNanogptReader,
  buildNanogptReader,
  buildNanogptLogReader,
  nanogptReader,
  nanochatReader,
  torchtitanReader,
  olmoCoreReader,
  composerReader,
  fairseqReader,
  hfStdoutReader,
  csvReader,
  jsonlReader,
  jsonTableReader,
  keyValueReader,
]
