import { describe, expect, it } from 'vitest'
import { sampleResult } from '../../test/golden/sample-result.js'
import { renderMarkdown } from './markdown.js'

const markdown = renderMarkdown(sampleResult())

describe('renderMarkdown', () => {
  it('begins with the verdict', () => {
    expect(markdown.split('\n')[0]).toMatch(/^## 🔴 NO-GO · Example/)
  })

  it('keeps every table rectangular, whatever the cells hold', () => {
    for (const block of markdown.split('\n\n').filter((b) => b.startsWith('|'))) {
      const widths = block.split('\n').map((line) => line.replace(/\\\|/g, '').split('|').length)
      expect(new Set(widths).size).toBe(1)
    }
  })

  it('has no tag but its own', () => {
    const tags = new Set((markdown.match(/<\/?[a-z]+/g) ?? []).map((tag) => tag.replace('</', '<')))
    expect([...tags].sort()).toEqual(['<details', '<summary'])
  })

  it('says what was not measured', () => {
    expect(markdown).toContain('not measured: **knowledge retention**')
  })
})
