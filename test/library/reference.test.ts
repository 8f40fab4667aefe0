import { describe, expect, it } from 'vitest'
import { makeReference } from '../../scripts/reference.js'

describe('the library', () => {
  const { pages, undocumented, unexported } = makeReference()

  it('exports nothing without a docstring', () => {
    expect(undocumented).toEqual([])
  })

  it('exports every type that its exports mention', () => {
    expect(unexported).toEqual([])
  })

  it('has a page for each part, with signatures', () => {
    expect(pages.get('ingest')).toMatch(/^## readLogs$/m)
    expect([...pages.values()].every((page) => page.includes('```ts'))).toBe(true)
  })

  it.each(['core', 'ingest', 'probes', 'engines', 'report', 'corpus', 'audit'])(
    'gives its part %s by itself and as a part of the whole',
    async (part) => {
      const whole: Record<string, unknown> = await import('assay-audit')
      const name = `assay-audit/${part}`
      const own: Record<string, unknown> = await import(name)
      expect(Object.keys(own).length).toBeGreaterThan(2)
      for (const [key, value] of Object.entries(own)) expect(whole[key], key).toBe(value)
    },
  )
})
