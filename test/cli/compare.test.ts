import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { callCli, ROOT, scratch } from './run-cli.js'

interface Change {
  readonly id: string
  readonly paired: boolean
  readonly direction: string
  readonly change: { kind: string; value: number; low: number; high: number }
}

const models = readdirSync(join(ROOT, 'models')).filter((name) => name.endsWith('.gguf'))
const modelOf = (size: string): string =>
  join(ROOT, 'models', models.find((m) => m.includes(`-${size}`)) ?? size)

describe('assay compare', () => {
  const folder = scratch()
  const evidence = (name: string): string => join(folder, name)
  const gather = (size: string, name: string, ...more: string[]) =>
    callCli(['gather', modelOf(size), '--limit', '3', '--evidence', evidence(name), '--quiet', ...more])
  beforeAll(async () => {
    expect((await gather('25k', 'small')).code).toBe(0)
    expect((await gather('233k', 'large')).code).toBe(0)
    expect((await gather('25k', 'other', '--seed', '7')).code).toBe(0)
  }, 120_000)

  it('sees that the larger model is better, in pairs of documents', async () => {
    const { code, stdout } = await callCli(['compare', evidence('small'), evidence('large'), '--json'])
    expect(code).toBe(0)
    const { changes, pairs, ranking } = JSON.parse(stdout) as {
      changes: Change[]
      pairs: { benchmark: string; verdict: string; p: number }[]
      ranking: { model: string; group: string }[]
    }
    const macro = changes.find((c) => c.id === 'held-out-loss.macro')
    // A larger model takes more arithmetic, which is no fault of it.
    expect(changes.find((c) => c.id === 'inference-cost.flops-per-token')?.direction).toBe('more')
    expect(pairs.some(({ benchmark }) => benchmark.startsWith('inference-cost'))).toBe(false)
    expect(pairs.find(({ benchmark }) => benchmark === 'held-out-loss.macro')?.verdict).toBe('better')
    expect(ranking.map(({ model, group }) => [model, group])).toEqual([
      ['large', 'a'],
      ['small', 'b'],
    ])
    expect(macro).toMatchObject({ paired: true, direction: 'better' })
    expect(macro?.change.high).toBeLessThan(0)
    expect(changes.some((c) => c.id.startsWith('inference-cost.decode'))).toBe(false)
  })

  it('sees no change between an audit and itself', async () => {
    const { stdout } = await callCli(['compare', `one=${evidence('small')}`, evidence('small'), '--json'])
    const { changes, findings } = JSON.parse(stdout) as { changes: Change[]; findings: object[] }
    expect(findings).toMatchObject([{ status: 'pass', title: expect.stringContaining('the same in both') }])
    expect(findings[0]).not.toHaveProperty('action')
    expect(changes.filter(({ direction }) => direction !== 'undecided')).toEqual([])
    const known = changes.filter(({ change }) => change.kind === 'estimate')
    expect(known.map(({ id }) => id)).toContain('held-out-loss.macro')
    expect(known.filter(({ change }) => change.value !== 0)).toEqual([])
  })

  it('refuses audits of other texts with exit code 3', async () => {
    const { code, stderr } = await callCli(['compare', evidence('small'), evidence('other')])
    expect(code).toBe(3)
    expect(stderr).toContain('audit/not-comparable')
    expect(stderr).toContain('other texts')
  })
})

describe('assay compare on results', () => {
  const folder = scratch()
  const table = (name: string, right: (i: number) => boolean): string => {
    const path = join(folder, `${name}.csv`)
    const rows = Array.from({ length: 400 }, (_, i) => `<b>t|x</b>,q${i},${right(i) ? 1 : 0}`)
    writeFileSync(path, `task,item,correct\n${rows.join('\n')}\n`)
    return path
  }
  const main = table('main', (i) => i % 4 !== 0)
  const pull = table('pull', (i) => i % 4 !== 0 && i % 5 !== 0)

  it('ends with 1 on a regression, for people, machines and a pull request', async () => {
    const comment = join(folder, 'comment.md')
    const { code, stdout, stderr } = await callCli([
      'compare',
      ...[main, `my,pr=${pull}`, '--max-drop', '0.01', '--markdown', comment, '--annotations', '--json'],
    ])
    expect(code).toBe(1)
    const { pairs, ranking } = JSON.parse(stdout) as { pairs: object[]; ranking: { model: string }[] }
    // 300 right of 400; those on multiples of 5 that are none of 4, 60, are lost.
    expect(pairs).toMatchObject([
      {
        a: 'main',
        b: 'my,pr',
        items: 400,
        difference: { kind: 'estimate', value: -0.15, unit: 'accuracy' },
        verdict: 'worse',
        drop: 'regressed',
        discordant: { gained: 0, lost: 60 },
      },
    ])
    expect(ranking.map(({ model }) => model)).toEqual(['main', 'my,pr'])
    expect(stderr).toContain('::error title=my%2Cpr against main::my,pr lost more than it may')
    const text = readFileSync(comment, 'utf8')
    expect(text.split('\n')[0]).toBe('<!-- assay-compare -->')
    expect(text).not.toContain('<b>')
    expect(text).toContain('&lt;b&gt;t\\|x&lt;/b&gt;')
  })

  it('tells identical files as the same, without asking for more', async () => {
    const { code, stdout } = await callCli(['compare', `one=${main}`, `two=${main}`, '--max-drop', '0.01'])
    expect(code).toBe(0)
    expect(stdout).toContain('two and one have the same score on every item')
    expect(stdout).not.toContain('ask more items')
  })

  it('names the column that a table of items lacks, and no difference that two items could not tell', async () => {
    const scored = ['a', 'b'].map((name) => join(folder, `${name}.csv`))
    scored.forEach((path, i) => {
      writeFileSync(path, `item,score\nq1,1\nq2,${i}\n`)
    })
    const refused = await callCli(['compare', ...scored])
    expect([refused.code, refused.stderr.includes('a.csv: missing "correct"')]).toEqual([3, true])
    const { code, stdout } = await callCli(['compare', ...scored, '--columns', 'correct=score'])
    expect([code, stdout.includes('With 2 items no difference would be told')]).toEqual([0, true])
    // One table has the name, the other another one.
    writeFileSync(scored[0], 'item,correct\nq1,1\nq2,0\n')
    expect((await callCli(['compare', ...scored, '--columns', 'correct=score'])).code).toBe(0)
  })
})
