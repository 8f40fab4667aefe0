import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { AssayError } from '../../core/index.js'
import { factId } from './fact-id.js'
import { readFacts } from './read-facts.js'

const DATA = process.env.ASSAY_DATA ?? '../shared/data'

function write(name: string, text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'assay-facts-')), name)
  writeFileSync(path, text)
  return path
}

function failure(run: () => unknown): AssayError {
  try {
    run()
  } catch (error) {
    if (error instanceof AssayError) return error
    throw error
  }
  throw new Error('expected an error')
}

describe('readFacts', () => {
  it('reads JSONL: ids kept, missing ids hashed, CRLF, BOM, blank lines and number ids accepted', () => {
    const path = write(
      'facts.jsonl',
      '\uFEFF{"id":"a","subject":"France","relation":"capital","object":"Paris","aliases":["Lutetia"],"domain":"geo"}\r\n\r\n{"id":7,"subject":"Perú","relation":"capital","object":"Lima"}\n{"subject":"Perú","relation":"capital","object":"Lima"}',
    )
    const { facts } = readFacts([path])
    // sha256 of the UTF-8 of ["Perú","capital","Lima"], as any JSON writer without spaces gives it.
    const hash = createHash('sha256').update('["Perú","capital","Lima"]').digest('hex').slice(0, 16)
    expect(facts.map((f) => f.fact_id)).toEqual(['a', '7', hash])
    expect(factId('Perú', 'capital', 'Lima')).toBe(hash)
    expect(facts[0]).toEqual({
      fact_id: 'a',
      subject: 'France',
      relation: 'capital',
      object: 'Paris',
      aliases: ['Lutetia'],
      subject_aliases: [],
      domain: 'geo',
    })
  })

  it('refuses duplicates with both lines', () => {
    const line = '{"subject":"A","relation":"r","object":"B"}\n'
    const error = failure(() =>
      readFacts([write('f.jsonl', `${line}{"subject":"C","relation":"r","object":"B"}\n${line}`)]),
    )
    expect(error.code).toBe('facts/duplicate')
    expect(error.place?.line).toBe(3)
    expect(error.message).toContain('line 1')
  })

  it('refuses duplicates across files with both places', () => {
    const line = '{"id":"x","subject":"A","relation":"r","object":"B"}\n'
    const first = write('f.jsonl', line)
    const error = failure(() => readFacts([first, write('g.jsonl', `\n${line}`)]))
    expect(error.place?.line).toBe(2)
    expect(error.message).toContain(`${first}:1`)
  })

  it('lists every bad field with its line', () => {
    const error = failure(() =>
      readFacts([
        write(
          'f.jsonl',
          '{"subject":"","relation":"r","object":"B"}\n{"subject":"A","relation":"r","object":3,"aliases":"B"}\n',
        ),
      ]),
    )
    expect(error.code).toBe('facts/bad-field')
    expect(error.place).toMatchObject({ line: 1, field: 'subject' })
    expect(error.message).toContain(':2, field "object": found 3')
    expect(error.message).toContain(':2, field "aliases": found "B", expected a list')
  })

  it('names the line that is not JSON', () => {
    const error = failure(() =>
      readFacts([write('f.jsonl', '{"subject":"A","relation":"r","object":"B"}\n{"subject":\n')]),
    )
    expect(error.code).toBe('facts/not-json')
    expect(error.place?.line).toBe(2)
  })

  it('maps foreign columns', () => {
    const path = write('f.jsonl', '{"head":"A","rel":"r","tail":"B"}\n')
    const { facts } = readFacts([path], { subject: 'head', relation: 'rel', object: 'tail' })
    expect(facts[0]).toMatchObject({ subject: 'A', relation: 'r', object: 'B' })
  })

  it('refuses an empty set, a missing file and half a surrogate pair', () => {
    expect(failure(() => readFacts([write('f.jsonl', '\n')])).code).toBe('facts/empty')
    expect(failure(() => readFacts(['no/such/file.jsonl'])).code).toBe('facts/unreadable')
    const half = write('f.jsonl', '{"subject":"\\ud800","relation":"r","object":"B"}')
    expect(failure(() => readFacts([half])).code).toBe('facts/bad-field')
  })
})

describe('facts of other sets', () => {
  const read = (name: string, text: string, columns = {}) => readFacts([write(name, text)], columns)

  it('are read from CSV and TSV, lists as | or JSON, a relation from the name of the file', () => {
    const csv = 'subject,object,aliases\r\n"Korea, North",Pyongyang,Heijo|Pyeongyang\r\nPeru,Lima,\r\n'
    expect(read('capital.csv', csv).facts).toMatchObject([
      { subject: 'Korea, North', relation: 'capital', object: 'Pyongyang', aliases: ['Heijo', 'Pyeongyang'] },
      { subject: 'Peru', relation: 'capital', object: 'Lima', aliases: [] },
    ])
    // Lists as Python prints them.
    const python = `subject,object,aliases\nPeru,Lima,"['City, of Kings', ""O'Lima"", 'L\\'x']"\n`
    expect(read('capital.csv', python).facts[0]?.aliases).toEqual(['City, of Kings', "O'Lima", "L'x"])
    expect(read('Capital.csv', 'Subject,Object\nPeru,Lima\n').facts).toMatchObject([
      { subject: 'Peru', relation: 'Capital', object: 'Lima' },
    ])
    const tsv = 'head\trel\ttail\nPeru\tcapital\tLima\n'
    expect(read('f.tsv', tsv, { subject: 'head', relation: 'rel', object: 'tail' }).facts).toMatchObject([
      { subject: 'Peru', relation: 'capital', object: 'Lima' },
    ])
  })

  it('of PopQA bring aliases and their questions as templates', () => {
    const row = (id: number, subj: string) =>
      `${id}\t${subj}\toccupation\tpolitician\t"[""politician"", ""political leader""]"\t"[""${subj} II""]"\tWhat is ${subj}'s occupation?`
    const set = read(
      'popqa.tsv',
      ['id\tsubj\tprop\tobj\tpossible_answers\ts_aliases\tquestion', row(1, 'A B'), row(2, 'C D'), ''].join(
        '\n',
      ),
    )
    expect(set.facts[0]).toEqual({
      fact_id: '1',
      subject: 'A B',
      relation: 'occupation',
      object: 'politician',
      aliases: ['political leader'],
      subject_aliases: ['A B II'],
      domain: '',
    })
    expect([...set.templates]).toEqual([['occupation', ["Q: What is [X]'s occupation? A: [Y]"]]])
  })

  it('of LAMA take their template from relations.jsonl', () => {
    const fact = {
      uuid: 'u1',
      sub_uri: 'Q1',
      sub_label: 'Ada',
      predicate_id: 'P19',
      obj_uri: 'Q84',
      obj_label: 'London',
    }
    const path = write('P19.jsonl', `${JSON.stringify(fact)}\n`)
    writeFileSync(
      join(dirname(path), 'relations.jsonl'),
      '{"relation":"P19","template":"[X] was born in [Y] .","label":"place of birth"}\n',
    )
    const { facts, templates } = readFacts([dirname(path)])
    expect(facts).toMatchObject([{ fact_id: 'u1', subject: 'Ada', relation: 'P19', object: 'London' }])
    expect(templates.get('P19')).toEqual(['[X] was born in [Y] .'])
  })

  it('of TriviaQA are questions, as published and as lines', () => {
    const answer = { Value: 'Lima', Aliases: ['Lima', 'City of Kings'] }
    const published = { Data: [{ QuestionId: 'q1', Question: 'Capital of Peru?', Answer: answer }] }
    const line = {
      question_id: 'q1',
      question: 'Capital of Peru?',
      answer: { value: 'Lima', aliases: answer.Aliases },
    }
    const wanted = [
      {
        fact_id: 'q1',
        subject: 'Capital of Peru?',
        relation: 'trivia',
        object: 'Lima',
        aliases: ['City of Kings'],
      },
    ]
    for (const text of [JSON.stringify(published, null, 2), `${JSON.stringify(line)}\n`]) {
      const { facts, templates } = read('trivia.json', text)
      expect(facts).toMatchObject(wanted)
      expect(templates.get('trivia')).toEqual(['Question: [X] Answer: [Y]'])
    }
  })

  it('of Wikidata are named by their labels, the relation by its variable', () => {
    const wanted = [
      {
        subject: 'Peru',
        relation: 'capital',
        object: 'Lima',
        aliases: ['Lima Metropolitana', 'Ciudad de los Reyes'],
      },
    ]
    const row = {
      country: 'Q419',
      countryLabel: 'Peru',
      capital: 'Q2868',
      capitalLabel: 'Lima',
      capitalAltLabel: 'Lima Metropolitana, Ciudad de los Reyes',
    }
    const cells = Object.fromEntries(Object.entries(row).map(([k, value]) => [k, { type: 'literal', value }]))
    for (const [name, text] of [
      ['query.json', JSON.stringify([row])],
      ['sparql.json', JSON.stringify({ head: {}, results: { bindings: [cells] } })],
      [
        'query.csv',
        `${Object.keys(row).join()}\n${Object.values(row)
          .map((v) => `"${v}"`)
          .join()}\n`,
      ],
    ] as const)
      expect(read(name, text).facts, name).toMatchObject(wanted)
    // The service's TSV: variables with a question mark, terms with their language; labels alone; an item without one.
    const terms = '?country\t?countryLabel\t?capitalLabel\n<http://e/Q419>\t"Peru"@en\t"Lima"@es-419\n'
    for (const text of [terms, 'countryLabel\tcapitalLabel\nPeru\tLima\n'])
      expect(read('query.tsv', text).facts).toMatchObject([
        { subject: 'Peru', relation: 'capital', object: 'Lima' },
      ])
    const { notes } = read('query.csv', 'countryLabel,capitalLabel\nQ419,Lima\n')
    const twice = read('query.csv', 'countryLabel,capitalLabel,pop\nPeru,Lima,1\nPeru,Lima,2\n')
    expect(twice.facts).toHaveLength(1)
    expect(twice.notes.join()).toContain('1 repeated row is left out')
    expect(notes.join()).toContain('1 name is an identifier of Wikidata for want of a label ("Q419")')
  })

  it('that lack a name are refused with line and field, and words of any text are said', () => {
    const error = failure(() => read('f.csv', 'subject,object\nPeru,Lima\nChile,\n'))
    expect(error).toMatchObject({ code: 'facts/bad-field', place: { line: 3, field: 'object' } })
    const { notes } = read('f.csv', 'subject,object,aliases\nPeru,It,Lima|A\n')
    expect(notes.join()).toContain('1 object is a word that nearly any text holds ("It")')
    expect(notes.join()).toContain('1 alias is a word that nearly any text holds ("A")')
  })
})

describe.skipIf(!existsSync(`${DATA}/facts`))(
  `published facts (skipped where ${DATA}/facts is absent)`,
  () => {
    it('reads BEAR with templates, aliases and domains', () => {
      const { facts, templates } = readFacts([`${DATA}/facts/bear/BEAR`])
      // BEAR as published: 60 relations, 7,731 facts, 3 templates.
      expect(facts).toHaveLength(7731)
      expect(new Set(facts.map((f) => f.relation)).size).toBe(60)
      expect([...templates.values()].every((t) => t.length === 3)).toBe(true)
      expect(facts.every((f) => f.domain !== '')).toBe(true)
      expect(facts.some((f) => f.subject_aliases.length > 0)).toBe(true)
    })

    it('reads LRE, keeping a repeated pair once', () => {
      const { facts, templates, templateUses, notes } = readFacts([`${DATA}/facts/lre`])
      expect(templates.size).toBe(26)
      expect(new Set(facts.map((f) => f.relation)).size).toBe(26)
      // The files hold (Richard Nixon, 1913) twice, among others.
      expect(notes.some((n) => n.includes('presidents_birth_year'))).toBe(true)
      expect(facts.find((f) => f.subject === 'Sirius')?.object).toBe('Canis Major')
      // Its zero-shot templates too; one stands in both lists.
      const named = '[X] is part of the constellation named [Y]'
      expect(templates.get('star constellation name')).toEqual([
        named,
        'What is the name of the constellation that [X] is part of? It is part of [Y]',
        'What is the name of the constellation that [X] belongs to? It belongs to [Y]',
      ])
      const uses = templateUses?.get('star constellation name')
      expect([...(uses?.values() ?? [])]).toEqual([['few-shot', 'zero-shot'], ['zero-shot'], ['zero-shot']])
    })
  },
)
