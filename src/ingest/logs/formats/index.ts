import type { LogReader } from '../../../core/index.js'
import { buildNanogptReader } from './build-nanogpt/index.js'
import { buildNanogptLogReader } from './build-nanogpt-log/index.js'
import { composerReader } from './composer/index.js'
import { csvReader, wandbCsvReader } from './csv/index.js'
import { fairseqReader } from './fairseq/index.js'
import { hfStdoutReader } from './hf-stdout/index.js'
import { hfTrainerStateReader } from './hf-trainer-state/index.js'
import { jsonTableReader } from './json-table/index.js'
import { jsonlReader } from './jsonl/index.js'
import { kerasReader } from './keras/index.js'
import { keyValueReader } from './key-value/index.js'
import { levanterReader } from './levanter/index.js'
import { llmcReader } from './llmc/index.js'
import { llmcStdoutReader } from './llmc-stdout/index.js'
import { megatronReader } from './megatron/index.js'
import { megatronGoldenReader } from './megatron-golden/index.js'
import { mlflowReader } from './mlflow/index.js'
import { mlperfReader } from './mlperf/index.js'
import { mmengineReader } from './mmengine/index.js'
import { moddedNanogptReader } from './modded-nanogpt/index.js'
import { nanochatReader } from './nanochat/index.js'
import { nanogptReader } from './nanogpt/index.js'
import { olmoCoreReader } from './olmo-core/index.js'
import { printedDictsReader } from './printed-dicts/index.js'
import { tensorboardReader } from './tensorboard/index.js'
import { textTableReader } from './text-table/index.js'
import { torchtitanReader } from './torchtitan/index.js'
import { trackioReader } from './trackio/index.js'
import { wandbReader } from './wandb/index.js'

/** Every log format, the more particular ones first: of equal certainty the earlier wins. */
export const LOG_READERS: readonly LogReader[] = [
  tensorboardReader,
  trackioReader,
  wandbReader,
  mlflowReader,
  hfTrainerStateReader,
  megatronGoldenReader,
  mlperfReader,
  wandbCsvReader,
  megatronReader,
  levanterReader,
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
  kerasReader,
  mmengineReader,
  hfStdoutReader,
  csvReader,
  jsonlReader,
  jsonTableReader,
  printedDictsReader,
  textTableReader,
  keyValueReader,
]
