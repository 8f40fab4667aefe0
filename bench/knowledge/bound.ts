/**
 * CPU seconds of `assay bound` on made-up answers: 24 models of 12,671 facts each (the published table's size), whose chance of
 * being known rises with their counts and the model's size. Needs the build, and bash.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

const [MODELS, FACTS] = [24, 12_671]
const folder = mkdtempSync(join(tmpdir(), 'assay-bench-bound-'))
const [counts, answers] = [join(folder, 'counts.parquet'), join(folder, 'answers.parquet')]
const connection = await (await DuckDBInstance.create(':memory:')).connect()
await connection.run('SELECT setseed(.5)')
await connection.run(`CREATE TABLE facts AS SELECT 'f' || i AS fact_id, 's' || i AS subject, 'o' || (i % 900) AS object,
  'r' || (i % 12) AS relation, (10 ** (1 + 4 * random()))::BIGINT AS n_s, (10 ** (2 + 4 * random()))::BIGINT AS n_o,
  (10 ** (4 * random()) - 1)::BIGINT AS n_so FROM range(${FACTS}) t(i) ORDER BY i`)
await connection.run(`COPY (SELECT fact_id, subject, object, relation, n_s, n_o, least(n_so, n_s, n_o) AS n_so FROM facts)
  TO '${counts}' (FORMAT parquet)`)
await connection.run(`COPY (SELECT fact_id, 'm' || m AS model, 1e7 * 1.5 ** m AS params, 't' AS template, 'ranking' AS reading,
  CASE WHEN random() < 1 / (1 + exp(2 - ln(1 + least(n_so, n_s, n_o)) / 2 - m / 8)) THEN 1 ELSE 0 END AS correct, 1 AS total
  FROM facts, range(${MODELS}) t(m)) TO '${answers}' (FORMAT parquet)`)
connection.closeSync()
const assay = `'${process.execPath}' dist/cli/bundle/main.js bound --counts '${counts}' --answers '${answers}' --documents 5000000 --json`
const { stdout, stderr, status } = spawnSync('bash', ['-c', `TIMEFORMAT='%U %S %R'; time ${assay} --quiet`], {
  encoding: 'utf8',
  maxBuffer: 1 << 28,
})
rmSync(folder, { recursive: true })
if (status !== 0) throw new Error(stderr)
const [user, system, wall] = stderr.trim().split('\n').at(-1)!.split(' ').map(Number)
const { fits } = JSON.parse(stdout) as { fits: readonly unknown[] }
process.stdout.write(
  `bound on ${(MODELS * FACTS).toLocaleString('en-US')} rows, ${fits.length} fits: ${(user! + system!).toFixed(1)} CPU s (bar 30), ${wall} s\n`,
)
