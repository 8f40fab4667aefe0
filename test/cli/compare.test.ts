import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { ROOT, runCli, scratch } from './run-cli.js'

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
    runCli(['gather', modelOf(size), '--limit', '5', '--evidence', evidence(name), '--quiet', ...more])
  beforeAll(async () => {
    expect((await gather('25k', 'small')).code).toBe(0)
    expect((await gather('233k', 'large')).code).toBe(0)
    expect((await gather('25k', 'other', '--seed', '7')).code).toBe(0)
  }, 120_000)

  it('sees that the larger model is better, in pairs of documents', async () => {
    const { code, stdout } = await runCli(['compare', evidence('small'), evidence('large'), '--json'])
    expect(code).toBe(0)
    const { changes } = JSON.parse(stdout) as { changes: Change[] }
    const macro = changes.find((c) => c.id === 'held-out-loss.macro')
    expect(macro).toMatchObject({ paired: true, direction: 'better' })
    expect(macro?.change.high).toBeLessThan(0)
    expect(changes.some((c) => c.id.startsWith('inference-cost.decode'))).toBe(false)
  })

  it('sees no change between an audit and itself', async () => {
    const { stdout } = await runCli(['compare', evidence('small'), evidence('small'), '--json'])
    const { changes } = JSON.parse(stdout) as { changes: Change[] }
    expect(changes.filter(({ direction }) => direction !== 'undecided')).toEqual([])
    const known = changes.filter(({ change }) => change.kind === 'estimate')
    expect(known.map(({ id }) => id)).toContain('held-out-loss.macro')
    expect(known.filter(({ change }) => change.value !== 0)).toEqual([])
  })

  it('refuses audits of other texts with exit code 3', async () => {
    const { code, stderr } = await runCli(['compare', evidence('small'), evidence('other')])
    expect(code).toBe(3)
    expect(stderr).toContain('audit/not-comparable')
    expect(stderr).toContain('other texts')
  })
})
