import { parse, tokenize } from '@huggingface/jinja'
import { describe, expect, it } from 'vitest'
import { TemplateFault } from './fault.js'
import type { Node } from './nodes.js'
import { renderTemplate } from './render.js'

const ROW = {
  text: ' Gas  expands. ',
  question: "What's up",
  choices: { text: ['a', "b's"], label: ['A', 'B'] },
  key: 'B',
  rows: [
    { name: 'x', n: 1 },
    { name: 'y', n: 2 },
  ],
  none: null,
  flag: true,
  n: -7,
  wide: '👍ab',
}

const render = (source: string): string => renderTemplate(parse(tokenize(source)) as unknown as Node, ROW)

// Expected: Jinja 3.1 under Python 3.11, Environment(undefined=StrictUndefined, keep_trailing_newline=True).
describe('templates', () => {
  it.each([
    ['Q: {{question}}\nA:', "Q: What's up\nA:"],
    ['{{choices.text}}', `['a', "b's"]`],
    ['{{choices.label.index(key)}}', '1'],
    ["{{choices['text'][-1]}} {{choices.text[0]}}", "b's a"],
    ["{{text.strip().split(' ')}}", "['Gas', '', 'expands.']"],
    ['{{text.split()}}', "['Gas', 'expands.']"],
    ["{{text.split(' ')[:-1] | join('-')}}", '-Gas--expands.'],
    ['{{question[::-1]}}{{wide[0]}}{{wide | length}}', "pu s'tahW👍3"],
    ['{{none}} {{flag}} {{n}} {{n % 3}} {{n // 2}}', 'None True -7 2 -4'],
    ["{{ 'yes' if flag else 'no' }}", 'yes'],
    ['{% if missing is defined %}x{% else %}y{% endif %}', 'y'],
    ["{{ missing | default('d') }}{{ none | default('e', true) }}", 'de'],
    ['{% for r in rows %}{{loop.index}}{{r.name}}{{ "" if loop.last else ";" }}{% endfor %}', '1x;2y'],
    ['{% for r in rows if r.n > 1 %}{{r.name}}{% else %}-{% endfor %}', 'y'],
    ["{{ rows | map(attribute='name') | join('/') }}", 'x/y'],
    ['{% set a = key ~ n %}{{a}}', 'B-7'],
    ["{{ 'aXbX' | replace('X', 'y', 1) }}{{ 'tEST'.capitalize() }}{{ 'a.b.'.rstrip('.') }}", 'aybXTesta.b'],
    ["{{ 'a [x] b' | regex_replace('\\\\[.*?\\\\]', '') }}", 'a  b'],
    ["{{ '12' | int + 1 }}{{ 'x' | int(5) }}", '135'],
    ["{{ ['a'] + ['b'] }}{{ 'b' in 'abc' }}{{ 3 not in [1, 2] }}", "['a', 'b']TrueTrue"],
    ['a{#- gone -#} b{{- " c" }}', 'ab c'],
  ])('%s', (source, text) => {
    expect(render(source)).toBe(text)
  })

  // What StrictUndefined refuses, and what would come out otherwise than from Python, is refused by name.
  it.each([
    ['{{missing}}', '"missing" is not a column'],
    ['{{choices.other}}', 'there is no "other"'],
    ['{{choices.values}}', "is a mapping's method"],
    ['{{ question + 1 }}', 'text + a number'],
    ['{{ question | tojson }}', 'the filter "tojson" is not known'],
    ['{{ question.zfill(3) }}', '.zfill() of text is not known'],
    ['{{ n / 2 }}', 'a number / a number is not known'],
    ["{{ choices.label.index('Z') }}", "'Z' is not in"],
    ['{{ range(100000) | length }}', 'range() of more than'],
    [
      '{% for a in range(9999) %}{% for b in range(9999) %}{{b}}{% endfor %}{% endfor %}',
      'more than 1000000 steps',
    ],
    [`{% set a = text %}${'{% set a = a ~ a %}'.repeat(40)}`, 'more than 10000000 characters'],
    ['{% macro m() %}{% endmacro %}{{ m() }}', 'Macro is not read'],
    ['{{ question.constructor }}', 'text has no'],
    ['{{ choices.constructor }}', 'there is no "constructor"'],
    ['{{ constructor }}', 'not a column'],
  ])('%s is refused', (source, message) => {
    expect(() => render(source)).toThrow(TemplateFault)
    expect(() => render(source)).toThrow(message)
  })
})
