import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const run = promisify(execFile)
const here = fileURLToPath(new URL('.', import.meta.url))
const python = process.env.ASSAY_TRAIN_PYTHON ?? `${here}../.build/venv/bin/python`
const MINUTES = 60_000

describe.skipIf(process.env.ASSAY_PEERS !== '1' || !existsSync(python))(
  'the trainer (skipped without ASSAY_PEERS=1, which .ci/run sets, and its Python: ladder/train/venv.sh makes it)',
  () => {
    it('trains the smallest run again to the recorded losses', { timeout: 10 * MINUTES }, async () => {
      const { stdout } = await run(python, [`${here}retrain_check.py`])
      expect(stdout).toMatch(/finalTrainLoss: .*\nheldOutLoss: /)
    })

    it('passes its own tests', { timeout: 10 * MINUTES }, async () => {
      const { stderr } = await run(python, ['-m', 'unittest', 'discover', '-s', here])
      // Steps in PyTorch are tried where it is installed (requirements-train.txt).
      expect(stderr).toMatch(/\nOK( \(skipped=\d+\))?\n$/)
    })
  },
)
