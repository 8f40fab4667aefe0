/** count → knowledge → bound on the files as each command writes them, with a model that ships. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { callCli, ROOT, scratch, smallestModel } from '../cli/run-cli.js'

function shipped(): string | undefined {
  try {
    return readdirSync(join(ROOT, 'models')).some((name) => name.endsWith('.gguf'))
      ? smallestModel()
      : undefined
  } catch {
    return undefined
  }
}
const model = shipped()

const TOWNS = ['Oakwythe', 'Mistwood', 'Kingsmere', 'Larkfell']

describe.skipIf(model === undefined)('the chain (skipped where no model ships in models/)', () => {
  it('runs without a hand in between', async () => {
    const folder = scratch('assay-chain-')
    const at = (name: string): string => join(folder, name)
    const facts = Array.from({ length: 40 }, (_, i) => ({
      id: `f${i}`,
      subject: `Person${i} Kule`,
      relation: 'lives-in',
      object: TOWNS[i % 4],
    }))
    writeFileSync(at('facts.jsonl'), facts.map((f) => JSON.stringify(f)).join('\n'))
    // Fact i stands in 2^(i mod 8) documents.
    const documents = facts.flatMap((f, i) =>
      Array.from({ length: 2 ** (i % 8) }, (_, n) =>
        JSON.stringify({ text: `Letter ${n}: ${f.subject} lives in ${f.object}.` }),
      ),
    )
    const more = Array.from({ length: 2000 }, (_, n) =>
      JSON.stringify({ text: `Nothing of note, number ${n}.` }),
    )
    writeFileSync(at('corpus.jsonl'), [...documents, ...more].join('\n'))

    const counted = await callCli([
      'corpus',
      'count',
      '--facts',
      at('facts.jsonl'),
      at('corpus.jsonl'),
      '--out',
      at('counts.parquet'),
      '--json',
    ])
    expect(counted.stderr).not.toContain('✖')
    expect(counted.code).toBe(0)
    expect(JSON.parse(counted.stdout)).toMatchObject({ documents: documents.length + more.length })

    // As assay corpus contamination writes it: every other fact is clean, of the last one it is not known.
    const table = facts.map(({ id }, i) => `${id},facts,,,,${i === 39 ? '' : i % 2 === 0}`)
    const head = 'item_id,task,overlap,longest,document,clean'
    writeFileSync(at('table.csv'), `${[head, ...table].join('\n')}\n`)
    const args = ['--facts', at('facts.jsonl'), '--out', at('answers.parquet'), '--offline', '--json']
    const asked = await callCli(['knowledge', model ?? '', '--contamination', at('table.csv'), ...args])
    expect(asked.stderr).not.toContain('✖')
    const knowledge = JSON.parse(asked.stdout)
    expect(knowledge.schema).toBe('assay/knowledge@1')
    expect(knowledge.retention[0]).toMatchObject({
      relation: 'lives-in',
      reading: 'ranking',
      facts: 40,
      templates: 7,
    })
    expect(knowledge.clean).toMatchObject({ facts: 20, contaminated: 19, unknown: 1 })
    expect(knowledge.clean.retention[0]).toMatchObject({ relation: 'lives-in', facts: 20, templates: 7 })
    expect(knowledge.tokens.evaluated).toBeLessThan(knowledge.tokens.naive)

    const out = ['-o', at('bound.html'), '-o', at('bound.md'), '--list', at('list.tsv'), '--json']
    const bounded = await callCli([
      'bound',
      '--counts',
      at('counts.parquet'),
      '--answers',
      at('answers.parquet'),
      ...out,
    ])
    expect(bounded.stderr).not.toContain('✖')
    expect(bounded.code).toBe(0)
    const bound = JSON.parse(bounded.stdout)
    // 40 facts, one size: every line and form is fitted for this model, and every fact gets its advice.
    expect(new Set(bound.fits.map((f: { variant: string }) => f.variant))).toEqual(
      new Set(['v2-v4', 'v5-v7', 'logistic', 'interaction']),
    )
    expect(bound.fits.every((f: { facts: number; dropped: number }) => f.facts + f.dropped === 40)).toBe(true)
    expect(bound.advice.reduce((n: number, row: { facts: number }) => n + row.facts, 0)).toBe(40)
    expect(readFileSync(at('list.tsv'), 'utf8').trimEnd().split('\n')).toHaveLength(41)
    expect(readFileSync(at('bound.html'), 'utf8')).toContain('</html>')
    // The table itself tells how many documents were counted.
    expect(bound.documents).toBe(documents.length + more.length)
    expect(bound.notes).toEqual([])

    const count = ['corpus', 'count', '--facts', at('facts.jsonl'), at('corpus.jsonl')]
    expect((await callCli([...count, '--out', at('counts.tsv')])).code).toBe(0)
    const again = await callCli([
      'bound',
      '--counts',
      at('counts.tsv'),
      '--answers',
      at('answers.parquet'),
      '--json',
    ])
    expect(again.stderr).not.toContain('✖')
    const { inputs: _, ...fromTsv } = JSON.parse(again.stdout)
    const { inputs: __, ...fromParquet } = bound
    expect(fromTsv).toEqual(fromParquet)
  }, 300_000)
})

describe.skipIf(model === undefined)(
  'assay knowledge, killed (skipped where no model ships in models/)',
  () => {
    it('goes on with --resume and ends in the same table', async () => {
      const folder = scratch('assay-knowledge-')
      const at = (name: string): string => join(folder, name)
      const facts = Array.from({ length: 300 }, (_, i) => ({
        id: `f${i}`,
        subject: `Person${i} Kule`,
        relation: `r${i % 30}`,
        object: TOWNS[(i * 7) % 4],
      }))
      writeFileSync(at('facts.jsonl'), facts.map((f) => JSON.stringify(f)).join('\n'))
      const relations = Array.from({ length: 30 }, (_, i) => [
        `r${i}`,
        ['[X] lives in [Y]', '[X] dwells in [Y]'],
      ])
      writeFileSync(at('templates.json'), JSON.stringify(Object.fromEntries(relations)))
      const args = (out: string): string[] => [
        ...['knowledge', model ?? '', '--facts', at('facts.jsonl'), '--templates', at('templates.json')],
        ...['--out', at(out), '--offline', '--threads', '2', '--quiet'],
      ]
      expect((await callCli(args('whole.tsv'))).code).toBe(0)
      const journal = at('cut.tsv.journal')
      const child = spawn(process.execPath, [join(ROOT, 'dist/cli/bundle/main.js'), ...args('cut.tsv')], {
        stdio: 'ignore',
      })
      const ended = new Promise((resolve) => child.on('close', resolve))
      // A header and five jobs of sixty: killed while others are under way.
      while (
        child.exitCode === null &&
        (!existsSync(journal) || readFileSync(journal, 'utf8').split('\n').length < 7)
      )
        await sleep(5)
      child.kill('SIGKILL')
      await ended
      expect(existsSync(at('cut.tsv'))).toBe(false)
      const resumed = await callCli([...args('cut.tsv'), '--resume'])
      expect(resumed.stderr).not.toContain('✖')
      expect(readFileSync(at('cut.tsv'), 'utf8')).toBe(readFileSync(at('whole.tsv'), 'utf8'))
      expect(existsSync(journal)).toBe(false)
    }, 300_000)
  },
)

describe('bound refuses', () => {
  it('a corpus of fewer documents than a name is counted in, naming the row', async () => {
    const folder = scratch('assay-bound-')
    writeFileSync(join(folder, 'counts.tsv'), 'fact_id\tn_s\tn_o\tn_so\na\t1\t1\t1\nb\t3\t12\t2\n')
    writeFileSync(join(folder, 'answers.tsv'), 'fact_id\tmodel\tparams\tcorrect\ttotal\na\tm\t1e6\t1\t1\n')
    const tables = ['--counts', join(folder, 'counts.tsv'), '--answers', join(folder, 'answers.tsv')]
    const ended = await callCli(['bound', ...tables, '--documents', '10'])
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('counts.tsv:3, field "n_o"')
    expect(ended.stderr).toContain('12 documents')
    const untold = await callCli(['bound', ...tables])
    expect(untold.code).toBe(3)
    expect(untold.stderr).toContain('--documents')
  }, 120_000)

  it('tables that lack a column, with exit code 3 and no stack', async () => {
    const folder = scratch('assay-bound-')
    writeFileSync(join(folder, 'counts.tsv'), 'fact_id\tn_s\tn_o\tn_so\na\t1\t1\t1\n')
    writeFileSync(join(folder, 'answers.tsv'), 'fact_id\tmodel\tcorrect\ttotal\na\tm\t1\t1\n')
    const ended = await callCli([
      'bound',
      '--counts',
      join(folder, 'counts.tsv'),
      '--answers',
      join(folder, 'answers.tsv'),
      '--documents',
      '10',
    ])
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain('table/missing-column')
    expect(ended.stderr).toContain('"params"')
    expect(ended.stderr).not.toContain('    at ')
  }, 120_000)
})
