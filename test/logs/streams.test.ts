import { execFileSync, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCli, type Ended, MAIN, ROOT, scratch } from '../cli/run-cli.js'
import { syntheticRun, WRITERS, writeLog } from './synthetic.js'

const LOG = 'ladder/runs/1.6M-r10/trainer_state.json'

/** `assay curve …` with bytes on its standard input, by way of a shell. */
function piped(bytes: Uint8Array | string, line: string): Promise<Ended> {
  const child = spawn('bash', ['-c', line.replaceAll('assay', `'${process.execPath}' '${MAIN}'`)], {
    cwd: ROOT,
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (block: Buffer) => {
    stdout += block.toString()
  })
  child.stderr.on('data', (block: Buffer) => {
    stderr += block.toString()
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(bytes)
  return new Promise((done) => child.on('close', (code, signal) => done({ code, signal, stdout, stderr })))
}

interface Document {
  readonly inputs: readonly { readonly path: string; readonly sha256: string }[]
  readonly runs: readonly { readonly id: string; readonly format: string; readonly finalLoss: object }[]
}
const documentOf = ({ stdout }: Ended): Document => JSON.parse(stdout) as Document

describe('assay curve on a stream', { timeout: 120_000 }, () => {
  const bytes = readFileSync(`${ROOT}/${LOG}`)
  let file: Ended
  beforeAll(async () => {
    file = await callCli(['curve', LOG, '--json'])
  })

  it.each(['assay curve - --json', 'cat | assay curve /dev/stdin --json', 'assay curve <(cat) --json'])(
    '%s says what the file says, with its hash',
    async (line) => {
      const stream = await piped(bytes, line)
      expect(stream.stderr).toBe('')
      expect(stream.code).toBe(file.code)
      const [known, found] = [documentOf(file), documentOf(stream)]
      expect(found.inputs.map((i) => i.sha256)).toEqual(known.inputs.map((i) => i.sha256))
      expect(found.runs.map((run) => ({ ...run, id: '', source: '' }))).toEqual(
        known.runs.map((run) => ({ ...run, id: '', source: '' })),
      )
    },
  )

  it('unpacks gzip, and calls the run stdin', async () => {
    const ended = await piped(gzipSync(bytes), 'assay curve - --json')
    expect(documentOf(ended).runs.map(({ id }) => id)).toEqual(['stdin'])
    expect(documentOf(ended).inputs.map(({ path }) => path)).toEqual(['-'])
  })

  it.each(WRITERS.map((writer) => [writer.format, writer] as const))('reads %s', async (format, writer) => {
    // A named pipe is a stream as standard input is, without a process for each.
    const pipe = join(scratch(), 'log')
    execFileSync('mkfifo', [pipe])
    const [ended] = await Promise.all([
      callCli(['curve', pipe, '--json']),
      writeFile(pipe, `${writeLog(writer, syntheticRun('healthy', 300)).join('\n')}\n`),
    ])
    expect(documentOf(ended).runs[0]).toMatchObject({ format, finalLoss: { kind: 'estimate' } })
  })

  it.each([
    ['', 'assay curve -', /logs\/empty/],
    ['', 'assay curve - </dev/null', /logs\/unreadable[\s\S]*a device/],
    ['', 'assay curve - <.', /logs\/unreadable[\s\S]*a folder/],
    ['', 'assay curve - --follow --interval 0.1', /logs\/empty/],
    ['no log', 'assay curve -', /logs\/unknown-format/],
  ])('%j to %s is refused (exit 3)', async (text, line, told) => {
    const { code, stderr } = await piped(text, line)
    expect(stderr).toMatch(told)
    expect(code).toBe(3)
  })
})
