import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { analyseLogs, type JudgedRun, type TrainingRun } from '../../src/core/index.js'
import { readLogs } from '../../src/ingest/index.js'

const LADDER = 'ladder/runs'
const LOGS = join(process.env.ASSAY_DATA ?? '../shared/data', 'logs')

/** A run whose verdict is known from elsewhere, as judged. */
export interface Known {
  readonly name: string
  readonly expected: string
  readonly run: JudgedRun
}

/** Verdicts that the README beside the public logs states. */
const EXPECTED: Readonly<Record<string, string>> = {
  '01_llmc_gpt2_124M_main.log': 'healthy',
  '02_modded_nanogpt_muon.txt': 'healthy-with-spikes',
  '03_modded_nanogpt_soap_same_data_order.txt': 'healthy-with-spikes',
  '05_modded_nanogpt_7runs_concatenated.txt': 'healthy',
  '06_nanogpt124M_cosine_warmup_baseline.out': 'healthy',
  '07_nanogpt124M_no_warmup.out': 'healthy',
  '08_nanogpt124M_linear_lr.out': 'schedule-mismatch',
  '09_nanogpt124M_2p5epoch_truncated.log.txt': 'truncated',
  '10_megatron_tr8_104B_diverged_rollback_fragments.log': 'diverged',
  '11_megatron_tr1_13B_spike_slow_recovery_fragments.log': 'healthy-with-spikes',
  '13_megatron_mixtral8x7b_golden_values.json': 'healthy-with-spikes',
  '17_hf_trainer_state_llama31_8b_lora.json': 'flat',
  'output_gpt2_interrupted.log': 'truncated',
  'output_shakespeare_overfit.log': 'overfitting',
  'gpt2_augmented_char_to_token1729630560.5729918': 'spiked-not-recovered',
  'gpt2_char_to_token1729578574.2848036': 'spiked-not-recovered',
  'gpt2_last_char_token_to_char1729587337.8266432': 'diverged',
  'gpt2_char_to_token1729534595.422701': 'diverged',
  'gpt2_char_to_token1729491541.2756786': 'diverged',
}

async function judgeFiles(
  paths: readonly string[],
  expected: (run: TrainingRun) => string,
): Promise<Known[]> {
  const out: Known[] = []
  for (const path of paths) {
    const runs = await readLogs([path], { columns: {} })
    for (const run of analyseLogs({ runs }).runs)
      out.push({ name: run.run.id, expected: expected(run.run), run })
  }
  return out
}

/** The public logs with the verdicts that their README states; none where they are not at hand. */
export async function publicLogs(): Promise<Known[]> {
  if (!existsSync(LOGS)) return []
  const files = readdirSync(LOGS, { recursive: true, withFileTypes: true })
    .filter((f) => f.isFile() && f.name !== 'README.md')
    .map((f) => join(f.parentPath, f.name))
    .sort()
  return judgeFiles(files, (run) => EXPECTED[run.id.replace(/#\d+$/, '')] ?? 'healthy')
}

/** What the ladder's drivers did to a run on purpose, as a verdict. */
function verdictFromKnown(known: string): string {
  if (known.startsWith('healthy') || known.startsWith('no warm-up')) return 'healthy'
  if (known.startsWith('spike')) return 'healthy-with-spikes'
  if (known.startsWith('rolled back')) return 'rolled-back'
  // Its rate falls again, and the loss comes back to where it was after a few steps, no lower.
  if (known.startsWith('diverged')) return 'stuck'
  if (known.startsWith('float16')) return 'diverged'
  if (known.startsWith('schedule')) return 'schedule-mismatch'
  // `degraded` needs a reference: alone the run only learns slowly.
  return known.startsWith('degraded') ? 'healthy' : known
}

export async function ladderRuns(): Promise<Known[]> {
  if (!existsSync(LADDER)) return []
  const out: Known[] = []
  for (const id of readdirSync(LADDER).sort()) {
    const folder = join(LADDER, id)
    if (!existsSync(join(folder, 'run.json')) || !existsSync(join(folder, 'training.csv'))) continue
    const meta = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { known?: string }
    if (meta.known === undefined) continue
    const found = await judgeFiles([join(folder, 'training.csv')], () => verdictFromKnown(meta.known ?? ''))
    out.push(...found.map((k) => ({ ...k, name: `ladder ${id}` })))
  }
  return out
}

/** Verdicts that say nothing against a run. */
export const HEALTHY: ReadonlySet<string> = new Set(['healthy', 'healthy-with-spikes'])
