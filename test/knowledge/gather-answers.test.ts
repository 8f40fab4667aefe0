import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gatherAnswers, type KnowledgeOptions, writeAnswers } from '../../src/audit/index.js'
import { createRandom, type Fact, joinObservations, type OpenedModel } from '../../src/core/index.js'
import { readAnswers, selectReading } from '../../src/ingest/index.js'
import { fakeEngine, KNOWN, OTHER } from './fake-engine.js'

function fact(subject: string, object: string, aliases: string[] = []): Fact {
  return {
    fact_id: subject,
    subject,
    relation: 'capital',
    object,
    aliases,
    subject_aliases: [],
    domain: 'geo',
  }
}

const FACTS = [
  fact('France', 'Paris'),
  fact('Peru', 'Lima'),
  fact('Ghana', 'Accra'),
  fact('Kuwait', 'Kuwait City', ['Kuwait']),
]
const TEMPLATES = new Map([['capital', ['The capital of [X] is [Y].', '[Y] is where [X] is ruled']]])
const KNOWS = [
  'The capital of France is Paris',
  'The capital of Peru is Lima',
  'Paris is where France is ruled',
]

const folder = mkdtempSync(join(tmpdir(), 'assay-answers-'))
let runs = 0

interface Asked {
  readonly facts?: readonly Fact[]
  readonly templates?: Map<string, string[]>
  readonly seed?: number
}

async function ask(
  model: OpenedModel,
  options: Partial<KnowledgeOptions> = {},
  resume = false,
  journal = `${++runs}`,
  { facts = FACTS, templates = TEMPLATES, seed = 1 }: Asked = {},
) {
  return gatherAnswers(
    model,
    { facts, templates, notes: [] },
    { reading: 'ranking', shots: 0, candidates: 100, samples: 0, ...options },
    {
      random: createRandom(seed),
      resume,
      signal: new AbortController().signal,
      journalPath: () => join(folder, `${journal}.jsonl`),
      progress: () => ({ update() {}, end() {} }),
      note() {},
    },
  )
}

describe('ranking', () => {
  it('scores every object of the relation and gives the right one its log-likelihood and rank', async () => {
    const { answers } = await ask(fakeEngine(KNOWS))
    const of = (id: string, template: string) =>
      answers.find((a) => a.fact_id === id && a.template === template)
    const paris = of('France', 'The capital of [X] is [Y].')
    // " Paris": six characters, each with probability .9; no rival shares more than its first character, a space.
    expect(paris).toMatchObject({ correct: 1, total: 1, rank: 1, candidates: 4, answer: 'Paris' })
    expect(paris?.logprob).toBeCloseTo(6 * Math.log(KNOWN), 10)
    // The model never heard of Ghana's capital: all objects cost ln 128 a character, so the shorter "Lima" wins.
    const accra = of('Ghana', 'The capital of [X] is [Y].')
    expect(accra).toMatchObject({ correct: 0, answer: 'Lima' })
    // The object comes first here: the whole sentence is scored, and Paris is right again.
    expect(of('France', '[Y] is where [X] is ruled')).toMatchObject({ correct: 1, rank: 1 })
  })

  it('sums templates into an answer of its own reading', async () => {
    const { answers } = await ask(fakeEngine(KNOWS))
    const byTemplate = answers.filter((a) => a.fact_id === 'France' && a.reading === 'ranking')
    const summed = answers.find((a) => a.fact_id === 'France' && a.reading === 'ranking-summed')
    expect(summed?.template).toBe('all')
    expect(summed?.logprob).toBeCloseTo(
      byTemplate.reduce((s, a) => s + (a.logprob ?? 0), 0),
      10,
    )
  })

  it('asks of each relation as many facts as it may', async () => {
    const rulers = [fact('France', 'a council'), fact('Ghana', 'a king'), fact('Peru', 'a queen')]
    const facts = [...FACTS, ...rulers.map((f) => ({ ...f, fact_id: `${f.subject} rule`, relation: 'rule' }))]
    const templates = new Map([...TEMPLATES, ['rule', ['[X] is ruled by [Y].']] as const])
    const asked = async (limitPerRelation: number) => {
      const journal = `limit ${limitPerRelation}`
      const evidence = await ask(fakeEngine([]), { limitPerRelation }, false, journal, { facts, templates })
      return evidence.facts.map(({ fact_id }) => fact_id)
    }
    const two = await asked(2)
    expect(two.filter((id) => id.endsWith(' rule'))).toHaveLength(2)
    expect(two).toHaveLength(4)
    expect(await asked(100)).toHaveLength(FACTS.length + rulers.length)
  })

  it('gives a softmax confidence', async () => {
    const { answers } = await ask(fakeEngine(KNOWS))
    const paris = answers.find((a) => a.fact_id === 'France' && a.template === 'The capital of [X] is [Y].')
    // Rivals after " " (.9): "Lima" breaks at its first letter, then 1/128 a character; likewise the others.
    const first = KNOWN
    const right = first * KNOWN ** 5
    const rival = (length: number): number => first * OTHER * (1 / 128) ** (length - 1)
    const others = rival(4) + rival(5) + rival('Kuwait City'.length)
    expect(paris?.confidence).toBeCloseTo(right / (right + others), 10)
  })

  it('reports prompts that hold the object or an alias', async () => {
    const { leaks } = await ask(fakeEngine(KNOWS))
    expect(leaks).toEqual([
      { fact_id: 'Kuwait', template: 'The capital of [X] is [Y].', found: 'Kuwait' },
      { fact_id: 'Kuwait', template: '[Y] is where [X] is ruled', found: 'Kuwait' },
    ])
  })

  it('leaves aliases and other right objects of the subject out of the contest', async () => {
    const facts = [
      fact('Bolivia', 'Sucre'),
      { ...fact('Bolivia', 'La Paz'), fact_id: 'b2' },
      fact('Peru', 'Lima', ['La Paz']),
    ]
    const { answers } = await gatherAnswers(
      fakeEngine([]),
      { facts, templates: TEMPLATES, notes: [] },
      { reading: 'ranking', shots: 0, candidates: 100, samples: 0 },
      {
        random: createRandom(1),
        resume: false,
        signal: new AbortController().signal,
        journalPath: () => join(folder, 'aliases.jsonl'),
        progress: () => ({ update() {}, end() {} }),
        note() {},
      },
    )
    const candidates = (id: string) => answers.find((a) => a.fact_id === id)?.candidates
    expect([candidates('Bolivia'), candidates('b2'), candidates('Peru')]).toEqual([2, 2, 2])
  })

  it('shares prefixes: at most a fifth of the naive tokens with 100 candidates', async () => {
    const facts = Array.from({ length: 100 }, (_, i) =>
      fact(`Country ${i}`, `City${String.fromCharCode(65 + (i % 26), 65 + Math.floor(i / 26))}`),
    )
    const { tokens } = await gatherAnswers(
      fakeEngine([]),
      {
        facts,
        templates: new Map([['capital', ['The capital and seat of government of [X] is [Y]']]]),
        notes: [],
      },
      { reading: 'ranking', shots: 2, limit: 10, candidates: 100, samples: 0 },
      {
        random: createRandom(1),
        resume: false,
        signal: new AbortController().signal,
        journalPath: () => join(folder, 'shared.jsonl'),
        progress: () => ({ update() {}, end() {} }),
        note() {},
      },
    )
    expect(tokens.evaluated / tokens.naive).toBeLessThanOrEqual(0.2)
  })
})

describe('generation', () => {
  it('takes the object or an alias in the completion, from templates that end with the object', async () => {
    const { answers } = await ask(fakeEngine(KNOWS), { reading: 'generation', samples: 2 })
    expect(new Set(answers.map((a) => a.template))).toEqual(new Set(['The capital of [X] is [Y].']))
    const right = answers.filter((a) => a.correct > 0).map((a) => [a.fact_id, a.reading, a.correct, a.total])
    expect(right).toEqual([
      ['France', 'generation', 1, 1],
      ['Peru', 'generation', 1, 1],
      ['France', 'sampled', 2, 2],
      ['Peru', 'sampled', 2, 2],
    ])
  })
})

describe('few-shot', () => {
  it('never shows the fact, its subject or its object, and shares the examples', async () => {
    const prompts: string[] = []
    const engine = fakeEngine(KNOWS, (requests) => {
      for (const { tokens } of requests) prompts.push(String.fromCharCode(...tokens.slice(1)))
    })
    await ask(engine, { shots: 2 })
    const paris = prompts.filter((p) => p.endsWith('The capital of France is Paris'))
    expect(paris).toHaveLength(1)
    expect(paris[0].split('\n')).toHaveLength(3)
    expect(paris[0].match(/Paris/g)).toHaveLength(1)
  })
})

describe('resume', () => {
  it('asks nothing twice, and refuses another plan', async () => {
    await ask(fakeEngine(KNOWS), {}, false, 'resume')
    let calls = 0
    const again = await ask(
      fakeEngine(KNOWS, () => calls++),
      {},
      true,
      'resume',
    )
    expect(calls).toBe(0)
    expect(again.answers.length).toBeGreaterThan(0)
    await expect(ask(fakeEngine(KNOWS), { shots: 1 }, true, 'resume')).rejects.toMatchObject({
      code: 'audit/other-plan',
    })
  })

  const MANY = Array.from({ length: 30 }, (_, i) => fact(`S${i}`, `O${i}`))
  const resumeWith = async (
    name: string,
    options: Partial<KnowledgeOptions>,
    other: { readonly seed?: number; readonly facts?: readonly Fact[] },
  ) => {
    const journal = `seed-${name}`
    await ask(fakeEngine([]), options, false, journal, { facts: MANY })
    return ask(fakeEngine([]), options, true, journal, { facts: MANY, ...other })
  }
  it.each<[string, Partial<KnowledgeOptions>]>([
    ['candidates', { candidates: 5 }],
    ['examples', { shots: 2 }],
    ['samples', { reading: 'generation', samples: 1 }],
  ])('refuses a seed that draws other %s', async (name, options) => {
    await expect(resumeWith(name, options, { seed: 2 })).rejects.toMatchObject({ code: 'audit/other-plan' })
  })
  it('takes a seed that draws nothing', async () => {
    const { answers } = await resumeWith('nothing', {}, { seed: 2 })
    expect(answers.length).toBeGreaterThan(0)
  })
  it('refuses facts that change who competes, asked or not', async () => {
    const facts = [fact('A', 'B'), fact('C', 'D')]
    const once = (resume: boolean, changed: readonly Fact[]) =>
      ask(fakeEngine([]), { limit: 1 }, resume, 'rivals', { facts: changed })
    const [{ fact_id }] = (await once(false, facts)).facts
    // The fact that is not asked still brings the only rival.
    const resumed = once(
      true,
      facts.map((f) => (f.fact_id === fact_id ? f : { ...f, object: 'E' })),
    )
    await expect(resumed).rejects.toMatchObject({ code: 'audit/other-plan' })
  })
})

describe('errors', () => {
  const bad = async (templates: Map<string, string[]>) =>
    gatherAnswers(
      fakeEngine([]),
      { facts: FACTS, templates, notes: [] },
      { reading: 'ranking', shots: 0, candidates: 100, samples: 0 },
      {
        random: createRandom(1),
        resume: false,
        signal: new AbortController().signal,
        journalPath: () => join(folder, 'bad.jsonl'),
        progress: () => ({ update() {}, end() {} }),
        note() {},
      },
    )
  it('names what a template lacks', async () => {
    await expect(bad(new Map())).rejects.toMatchObject({ code: 'knowledge/no-template' })
    await expect(bad(new Map([['capital', ['The capital is [Y]']]]))).rejects.toMatchObject({
      code: 'knowledge/bad-template',
    })
  })
  it('reads a user’s templates in either notation', async () => {
    const path = join(folder, 'templates.json')
    writeFileSync(
      path,
      JSON.stringify({ capital: { templates: ['{subject} is ruled from', '[X] has its capital at [Y].'] } }),
    )
    const { answers } = await ask(fakeEngine([]), { templates: path })
    expect(new Set(answers.map((a) => a.template))).toEqual(
      new Set(['[X] is ruled from [Y]', '[X] has its capital at [Y].', 'all']),
    )
  })
})

describe('the table', () => {
  it.each(['tsv', 'parquet'])('written as .%s is what the bound reads', async (extension) => {
    const evidence = await ask(fakeEngine(KNOWS))
    const path = join(folder, `answers.${extension}`)
    await writeAnswers(path, evidence)
    const { rows, reading, left } = selectReading(await readAnswers([path]), undefined, path)
    // Four facts with two templates each; the four summed rows stay behind.
    expect([reading, rows.length, left]).toEqual(['ranking', 8, 4])
    const counts = FACTS.map((f) => ({ ...f, n_s: 2, n_o: 2, n_so: 1 }))
    const { models, leakingAnswers } = joinObservations(counts, rows, 100)
    // Kuwait's prompts hold its alias, "Kuwait": marked in the table, and no fit sees them.
    expect(models.map((m) => [m.model, m.params, m.asked])).toEqual([['fake', 1e6, 3]])
    expect(leakingAnswers).toEqual({ rows: 2, facts: 1 })
    const summed = selectReading(await readAnswers([path]), 'ranking-summed', path).rows
    expect(summed.filter((row) => row.leak).map((row) => row.fact_id)).toEqual(['Kuwait'])
    // France is right with both templates, Peru with the first alone.
    expect(models[0].accuracy[0]).toBe(1)
  })
})
