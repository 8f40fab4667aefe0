import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRandom } from '../../src/core/index.js'
import { callCli, scratch } from './run-cli.js'

const folder = scratch()
const MINUTE = 60_000

/** Result folders of both arms: 200 items, three seeds, two sizes; accuracy by arm and size. */
function arms(
  name: string,
  accuracy: Readonly<Record<'pretrained' | 'scratch', readonly [number, number]>>,
): string[] {
  const random = createRandom(5).derive(name)
  return (['pretrained', 'scratch'] as const).map((arm) => {
    const own = join(folder, name, arm)
    ;[64, 256].forEach((n, k) => {
      for (const seed of [0, 1, 2])
        for (const split of ['id', 'ood']) {
          mkdirSync(join(own, `n${n}`, `seed${seed}`), { recursive: true })
          const rows = Array.from(
            { length: 200 },
            (_, i) => `${i},${random.uniform() < accuracy[arm][k] ? 1 : 0}`,
          )
          writeFileSync(
            join(own, `n${n}`, `seed${seed}`, `${split}.csv`),
            `item,correct\n${rows.join('\n')}\n`,
          )
        }
    })
    return own
  })
}

const PATH = ['--path', 'n{n}/seed{seed}/{split}', '--chance', '0.25']
const apart = arms('apart', { pretrained: [0.7, 0.9], scratch: [0.4, 0.6] })
const turned = arms('turned', { pretrained: [0.4, 0.6], scratch: [0.7, 0.9] })
const alike = arms('alike', { pretrained: [0.6, 0.7], scratch: [0.6, 0.7] })

describe('assay gain', () => {
  it('writes the JSON that its schema describes, and a report', { timeout: MINUTE }, async () => {
    const html = join(folder, 'gain.html')
    const named = ['--task', 'parsing']
    const { code, stdout, stderr } = await callCli([
      'gain',
      ...apart,
      ...PATH,
      ...named,
      '--json',
      '-o',
      html,
    ])
    expect(code, stderr).toBe(0)
    const schema = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../schema/gain.schema.json'), 'utf8'),
    ) as never
    const document: unknown = z.fromJSONSchema(schema).parse(JSON.parse(stdout))
    expect(document).toMatchObject({
      schema: 'assay/gain@1',
      gain: { kind: 'estimate', unit: 'accuracy', n: 200 },
      decision: { superior: 'shown', holds: true },
      sizes: [64, 256],
      pairedSeeds: true,
      sampleEfficiency: { censored: expect.any(Boolean) },
    })
    expect(readFileSync(html, 'utf8')).toContain('What did pre-training buy?')
    expect(readFileSync(html, 'utf8')).toContain('over 2 training-set sizes of parsing')
  })

  it('decides by its exit code where a target is given, and never takes "not shown" for "no effect"', {
    timeout: 3 * MINUTE,
  }, async () => {
    const of = (args: readonly string[]) => callCli(['gain', ...args, ...PATH, '--quiet'])
    expect((await of([...apart, '--target', '0.1'])).code).toBe(0)
    expect((await of([...apart, '--target', '0.6'])).code).toBe(1)
    const open = await of([...alike, '--target', '0'])
    expect(open.code).toBe(2)
    expect(open.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /not shown .* which is no sign that there is none: the smallest gain that this design shows/,
    )
    expect(open.stdout).not.toMatch(/no effect|no difference/i)
    expect((await of([apart[1], apart[0]])).stderr).toMatch(/items\/swapped-arms/)
    const swapped = await of(turned)
    expect(swapped.stdout.replaceAll(/\s+/g, ' ')).toMatch(/check that the arms were not swapped/)
    expect(swapped.stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /from scratch is better by .* were the arms swapped\?/,
    )
  })

  it('takes quoted globs, one size, and refuses by name what it cannot use', {
    timeout: 3 * MINUTE,
  }, async () => {
    const globs = apart.map((arm) => join(arm, 'n256/*/*.csv'))
    const { code, stdout } = await callCli(['gain', ...globs, ...PATH, '--at', '256', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ at: 256, sizes: [256] })
    for (const [bad, told] of [
      [['--at', '7'], 'found 7, expected one of 64, 256'],
      [['--chance', '1'], 'found "1", expected a share of 0 or more, below 1'],
      [['--target', '5'], 'below 1; 5 points are 0.05'],
      [['--score', '75'], 'below 1; 75 points are 0.75'],
      [['--ood', 'far'], 'found "far", expected one of id, ood'],
      [['--price', '-1'], 'found -1, expected 0 or more'],
    ] as const) {
      const refused = await callCli(['gain', ...apart, ...PATH, ...bad])
      expect(refused.code).toBe(3)
      expect(refused.stderr).toContain(told)
    }
    const unsized = await callCli(['gain', ...apart])
    expect(unsized.stderr).toMatch(/items\/missing-sizes[\s\S]*id\.csv:2[\s\S]*and \d+ more/)
  })
})
