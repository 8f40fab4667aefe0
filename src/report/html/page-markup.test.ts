import { describe, expect, it } from 'vitest'
import { pageMarkup } from './page-markup.js'

const shown = (text: string): string =>
  pageMarkup(text, (href) => (href === 'a.md#b' ? '#method-a-b' : undefined)).text

describe('text of a method page', () => {
  it('keeps formulas as they stand and escapes everything', () => {
    expect(shown('    a < b · "c"\n    d')).toBe('<pre>a &lt; b · &quot;c&quot;\nd</pre>')
    expect(shown('x <b>y</b> `z<1`')).toBe('<p>x &lt;b&gt;y&lt;/b&gt; <code>z&lt;1</code></p>')
  })
  it('links what the report carries and papers, and says the rest as text', () => {
    expect(shown('[there](a.md#b) and [gone](c.md)')).toBe('<p><a href="#method-a-b">there</a> and gone</p>')
    expect(shown('Source: arXiv:2502.04066.')).toBe(
      '<p>Source: <a href="https://arxiv.org/abs/2502.04066" rel="noreferrer">arXiv:2502.04066</a>.</p>',
    )
  })
  it('has tables and lists, also right under their sentence', () => {
    expect(shown('| | x |\n|---|---|\n| a | **b** |')).toContain(
      '<tr><td></td><th scope="col">x</th></tr></thead>\n<tbody><tr><td>a</td><td><b>b</b></td></tr></tbody>',
    )
    expect(shown('Two:\n- one\n  more\n- two')).toBe('<p>Two:</p><ul><li>one more</li><li>two</li></ul>')
  })
})
