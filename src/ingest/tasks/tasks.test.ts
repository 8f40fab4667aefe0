import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type AssayError, instancesOf, PythonRandom, type Task } from '../../core/index.js'
import { loadTasks, shippedTasks } from './index.js'

const folder = mkdtempSync(join(tmpdir(), 'assay-tasks-'))
let files = 0

function write(text: string, name = `${files++}.yaml`): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const rowsFile = (rows: readonly object[]): string =>
  write(rows.map((row) => JSON.stringify(row)).join('\n'), `${files++}.jsonl`)

const ROWS = Array.from({ length: 12 }, (_, i) => ({
  id: `q${i}`,
  query: `Question ${i}?`,
  choices: [`first ${i}`, `second ${i}`, `third ${i}`],
  gold: i % 3,
}))

const CHOICES = `task: mine
dataset_path: json
test_split: test
fewshot_split: test
output_type: multiple_choice
doc_to_text: "{{query}}\\nAnswer:"
doc_to_choice: choices
doc_to_target: gold
`

const load = async (yaml: string, rows: readonly object[] = ROWS): Promise<Task> =>
  (await loadTasks(write(yaml), { data: rowsFile(rows) }))[0]!

async function refusal(yaml: string, rows: readonly object[] = ROWS, shots = 0): Promise<AssayError> {
  try {
    const task = await load(yaml, rows)
    instancesOf(task, { shots })
  } catch (error) {
    return error as AssayError
  }
  throw new Error('was not refused')
}

describe('a task of a YAML', () => {
  it('asks its rows with the delimiters between, chance by its choices', async () => {
    const task = await load(CHOICES)
    const [, second] = instancesOf(task)
    expect([task.name, task.chance, task.documents.length, second!.gold, second!.document.id]).toEqual([
      'mine',
      1 / 3,
      12,
      [1],
      'q1',
    ])
    expect(second!.requests).toEqual(
      ['first 1', 'second 1', 'third 1'].map((choice) => ({
        context: 'Question 1?\nAnswer:',
        continuation: ` ${choice}`,
      })),
    )
    expect(second!.unconditioned[2]).toEqual({ context: '', continuation: ' third 1' })
  })

  it('shows examples that one generator draws for row after row, n + 1 and the row itself dropped', async () => {
    const task = await load(`${CHOICES}description: "Answer.\\n\\n"\n`)
    const asked = instancesOf(task, { shots: 2 })
    const random = new PythonRandom(1234)
    for (const [i, { shots, requests }] of asked.entries()) {
      const kept = random
        .sample(12, 3)
        .filter((at) => at !== i)
        .slice(0, 2)
      expect(shots).toEqual(kept)
      const examples = kept.map((at) => `Question ${at}?\nAnswer: ${ROWS[at]!.choices[at % 3]}\n\n`)
      expect(requests[0]!.context).toBe(`Answer.\n\n${examples.join('')}Question ${i}?\nAnswer:`)
    }
    expect(asked.some(({ leaks }) => leaks)).toBe(false)
    expect(instancesOf(task, { shots: 2, limit: 3 })).toEqual(asked.slice(0, 3))
  })

  it('draws n where its examples are another split’s, and says where a row stands among its own', async () => {
    const task = await load(
      CHOICES.replace('test_split: test\nfewshot_split: test', 'validation_split: test\nfewshot_split: test'),
    )
    const asked = instancesOf(task, { shots: 6 })
    const random = new PythonRandom(1234)
    const drawn = ROWS.map(() => random.sample(12, 6))
    expect(asked.map(({ shots }) => shots)).toEqual(drawn)
    expect(asked.map(({ leaks }) => leaks)).toEqual(drawn.map((shots, i) => shots.includes(i)))
  })

  it('takes the first examples where it says so, and one draw for all rows where it is asked', async () => {
    const first = instancesOf(await load(`${CHOICES}fewshot_config: {sampler: first_n}\n`), { shots: 2 })
    expect(first.map(({ shots }) => shots).slice(0, 4)).toEqual([
      [1, 2],
      [0, 2],
      [0, 1],
      [0, 1],
    ])
    const once = instancesOf(await load(CHOICES), { shots: 2, draw: 'once' })
    const drawn = new PythonRandom(1234).sample(12, 3)
    expect(once.map(({ shots }) => shots)).toEqual(
      ROWS.map((_, i) => drawn.filter((at) => at !== i).slice(0, 2)),
    )
  })

  it('puts several contexts before one continuation where doc_to_text is a number', async () => {
    const rows = [
      { options: ['The cup', 'The box'], rest: 'fell.', gold: 1 },
      { options: ['A dog', 'A cat'], rest: 'ran.', gold: 0 },
    ]
    const yaml = CHOICES.replace('"{{query}}\\nAnswer:"', 'gold')
      .replace('choices', 'options')
      .replace('doc_to_target: gold', 'doc_to_target: rest')
    const [one] = instancesOf(await load(yaml, rows), { shots: 1 })
    expect(one!.requests).toEqual([
      { context: 'A dog ran.\n\nThe cup', continuation: ' fell.' },
      { context: 'A dog ran.\n\nThe box', continuation: ' fell.' },
    ])
    expect([one!.gold, one!.choices, one!.unconditioned]).toEqual([[1], ['The cup', 'The box'], []])
  })

  it('asks for free answers with their stops, any alias right', async () => {
    const yaml = `task: free
test_split: test
doc_to_text: "Q: {{q}}\\nA:"
doc_to_target: "{{a.aliases}}"
generation_kwargs: {until: ["\\n"], max_gen_toks: 8}
metric_list: [{metric: exact_match, ignore_case: true}]
filter_list: [{name: x, filter: [{function: remove_whitespace}, {function: take_first}]}]
`
    const task = await load(yaml, [{ q: 'who', a: { aliases: ['Ann', "O'Neil"] } }])
    const [one] = instancesOf(task)
    expect(one!.generation).toMatchObject({
      context: 'Q: who\nA:',
      until: ['\n'],
      maxTokens: 8,
      temperature: 0,
      targets: ['Ann', "O'Neil"],
      filters: [{ name: 'remove_whitespace' }, { name: 'take_first' }],
      exactMatch: { ignoreCase: true, ignorePunctuation: false },
    })
    expect(task.chance).toBe(0)
  })

  it('makes a task a value of a column, each with its own examples', async () => {
    const rows = ROWS.map((row, i) => ({ ...row, subject: i % 2 ? 'b' : 'a' }))
    const tasks = await loadTasks(
      write(`${CHOICES}metadata: {split_by: subject, cluster: "{{subject}}-{{gold}}"}\n`),
      {
        data: rowsFile(rows),
      },
    )
    expect(tasks.map(({ name, documents }) => [name, documents.map(({ id }) => id).slice(0, 2)])).toEqual([
      ['mine_a', ['q0', 'q2']],
      ['mine_b', ['q1', 'q3']],
    ])
    const asked = instancesOf(tasks[1]!, { shots: 3 })
    expect(asked.flatMap(({ shots }) => shots.map((at) => tasks[1]!.pool![at]!.fields.subject))).toEqual(
      Array.from({ length: 18 }, () => 'b'),
    )
    expect(asked[0]!.cluster).toBe('b-1')
  })

  it('includes other files, its own fields last, and asks by other templates', async () => {
    write(CHOICES, 'base.yaml')
    const task = await load(`include: base.yaml
task: other
metadata:
  chance: 0.3
  templates:
    - {name: bare, doc_to_text: query, target_delimiter: "\\n"}
`)
    expect([task.name, task.chance, task.templates]).toEqual(['other', 0.3, ['own', 'bare']])
    expect(instancesOf(task, { template: 1 })[0]!.requests[0]).toEqual({
      context: 'Question 0?',
      continuation: '\nfirst 0',
    })
  })

  it('types a CSV’s columns as pandas does, so that a number is a choice', async () => {
    const csv = write('q,a,b,gold\nx,0,1.5,1\ny,2,NA,0\n', 'items.csv')
    const yaml = `task: csv
test_split: test
output_type: multiple_choice
doc_to_text: "{{q}} {{b}}"
doc_to_choice: ["no", "yes"]
doc_to_target: gold
`
    const [task] = await loadTasks(write(yaml), { data: csv })
    expect(instancesOf(task!).map(({ requests, gold }) => [requests[0]!.context, gold])).toEqual([
      ['x 1.5', [1]],
      ['y None', [0]],
    ])
  })
})

describe('rows on the Hub', () => {
  const asked = async (source: string, data?: string) => {
    const references: unknown[] = []
    const yaml = write(CHOICES.replace('dataset_path: json\n', `${source}\n`))
    const [task] = await loadTasks(yaml, {
      ...(data === undefined ? {} : { data }),
      fetch: async (wanted) => {
        references.push(wanted)
        return [rowsFile(ROWS)]
      },
    })
    return { references: references.slice(0, 1), rows: task!.documents.length }
  }
  const files = 'dataset_kwargs: { data_files: { test:'

  it.each([
    ['dataset_path: json', 'hf:org/name/test.jsonl', 'hf:org/name/test.jsonl'],
    [`dataset_path: json\n${files} hf:org/name/a.parquet@v1 } }`, undefined, 'hf:org/name/a.parquet@v1'],
    [`dataset_path: org/name\n${files} a/b.jsonl }, revision: v1 }`, undefined, 'hf:org/name/a/b.jsonl@v1'],
    [
      'dataset_path: org/name\ndataset_name: easy',
      undefined,
      { repository: 'org/name', name: 'easy', split: 'test' },
    ],
  ])('%s, %s', async (source, data, wanted) => {
    expect(await asked(source, data)).toEqual({ references: [wanted], rows: 12 })
  })

  it('are of the newest revision where no file is named', async () => {
    const error = await asked('dataset_path: org/name\ndataset_kwargs: { revision: v1 }').catch((e) => e)
    expect((error as AssayError).message).toContain('name files of "v1" as data_files')
  })

  it('are told where nothing may be downloaded', async () => {
    const error = await loadTasks(write(CHOICES), { data: 'hf:org/name/a.jsonl' }).catch((e) => e)
    expect((error as AssayError).code).toBe('task/no-items')
  })
})

describe('a JSON file', () => {
  it('may be one list of rows', async () => {
    const list = write(JSON.stringify(ROWS, null, 1), 'list.json')
    const [task] = await loadTasks(write(CHOICES), { data: list })
    expect(task!.documents.map(({ line, id }) => `${line} ${id}`).slice(0, 2)).toEqual(['1 q0', '2 q1'])
  })
})

describe('what Assay does not make', () => {
  it('is left out with a note where something remains', async () => {
    const task = await load(`${CHOICES}metric_list:
  - metric: acc
  - {metric: f1, aggregation: !function utils.weighted_f1}
filter_list: [{name: a, filter: []}, {name: b, filter: []}]
metadata: {mine: 1}
`)
    expect([task.metrics, task.notes]).toEqual([
      ['acc'],
      [
        'left out: a score that the Python function utils.weighted_f1 makes',
        'left out: 1 more of filter_list; the first is used',
        'metadata that nothing is made of: mine',
      ],
    ])
  })
})

describe('the tasks that ship', () => {
  it('name their source and how they are asked; the ladder’s bring their items', async () => {
    expect(shippedTasks()).toContain('arc_easy')
    const own: string[] = []
    for (const name of shippedTasks()) {
      try {
        const [task] = await loadTasks(name)
        own.push(`${name} ${instancesOf(task!, { limit: 2, shots: 2 }).length} ${task!.source !== null}`)
      } catch (error) {
        expect((error as AssayError).code).toBe('task/no-items')
      }
    }
    expect(own).toEqual(
      [
        'agreement',
        'planted-facts',
        'planted-facts-unseen',
        'sentence-completion',
        'word-from-definition',
      ].map((name) => `${name} 2 true`),
    )
  })

  it('do HellaSwag, WinoGrande and COPA again as their Python functions do', async () => {
    const contexts = async (name: string, row: object): Promise<unknown> => {
      const [task] = await loadTasks(name, { data: rowsFile([row]) })
      const [one] = instancesOf(task!)
      return [one!.requests.map(({ context, continuation }) => [context, continuation]), one!.gold]
    }
    // By tasks/hellaswag/utils.py of 0.4.13, read line by line.
    expect(
      await contexts('hellaswag', {
        ind: 4,
        activity_label: 'Baking',
        ctx_a: 'How to bake [title] Mix.',
        ctx_b: 'then YOU',
        endings: ['stir [substeps] well.', ' wait  long.'],
        label: '1',
      }),
    ).toEqual([
      [
        ['Baking: How to bake. Mix. Then you', ' stir well.'],
        ['Baking: How to bake. Mix. Then you', ' wait long.'],
      ],
      [1],
    ])
    expect(
      await contexts('winogrande', {
        sentence: 'The _ is big. ',
        option1: 'cup',
        option2: 'box',
        answer: '2',
      }),
    ).toEqual([
      [
        ['The cup', ' is big.'],
        ['The box', ' is big.'],
      ],
      [1],
    ])
    // The harness puts its delimiter before a choice that begins with a blank.
    expect(
      await contexts('copa', {
        premise: 'It rained.',
        question: 'effect',
        choice1: 'I ran.',
        choice2: 'She sat.',
        label: 1,
        idx: 0,
      }),
    ).toEqual([
      [
        ['It rained therefore', '  i ran.'],
        ['It rained therefore', '  she sat.'],
      ],
      [1],
    ])
  })
})

describe('what cannot be asked is refused with its place', () => {
  it.each([
    ['an unknown field', `${CHOICES}doc_to_txt: x\n`, 'task/unknown-field', 9, 'doc_to_txt'],
    ['a group of tasks', `${CHOICES}group: more\n`, 'task/not-asked', 9, 'group'],
    [
      'a Python function',
      `${CHOICES}process_docs: !function utils.process_docs\n`,
      'task/needs-python',
      9,
      'process_docs',
    ],
    [
      'scores by Python',
      `${CHOICES}process_results: !function utils.x\n`,
      'task/needs-python',
      9,
      'process_results',
    ],
    [
      'only scores by Python',
      `${CHOICES}metric_list: [{metric: !function utils.x}]\n`,
      'task/needs-python',
      9,
      'metric_list',
    ],
    [
      'a sampler by Python',
      `${CHOICES}fewshot_config: {samples: !function utils.x}\n`.replace('fewshot_split: test\n', ''),
      'task/needs-python',
      8,
      'fewshot_config',
    ],
    [
      'a template that is no Jinja',
      CHOICES.replace('{{query}}', '{{query'),
      'task/template',
      6,
      'doc_to_text',
    ],
    [
      'a template over a column that is missing',
      CHOICES.replace('{{query}}', '{{quary}}'),
      'task/template',
      6,
      'doc_to_text',
    ],
    [
      'a column that is missing',
      CHOICES.replace('doc_to_target: gold', 'doc_to_target: answer'),
      'task/bad-field',
      8,
      'doc_to_target',
    ],
    [
      'an output that is none',
      CHOICES.replace('multiple_choice', 'multiple'),
      'task/bad-field',
      5,
      'output_type',
    ],
    ['a key twice', `${CHOICES}task: other\n`, 'task/malformed', 9, undefined],
    ['a file that includes itself', `include: self.yaml\n${CHOICES}`, 'task/malformed', 1, undefined],
    ['chance in percent', `${CHOICES}metadata: {chance: 25}\n`, 'task/bad-field', 9, 'metadata'],
    ['a tab', `${CHOICES}\tx: 1\n`, 'task/malformed', 9, undefined],
  ])('%s', async (_, yaml, code, line, field) => {
    write('include: self.yaml\n', 'self.yaml')
    const error = await refusal(yaml)
    expect([error.code, error.place?.line, error.place?.field]).toEqual([code, line, field])
  })

  it('aliases that multiply', async () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++)
      bomb.push(
        `b${i}: &b${i} [${Array(10)
          .fill(i === 1 ? '*a' : `*b${i - 1}`)
          .join(', ')}]`,
      )
    expect((await refusal(bomb.join('\n'))).code).toBe('task/malformed')
  })

  it.each([
    ['gold that is none', { gold: 7 }, 'doc_to_target', 'found 7, expected 0 to 2'],
    ['gold below nothing', { gold: -1 }, 'doc_to_target', 'found -1, expected 0 to 2'],
    ['no gold', { gold: null }, 'doc_to_target', 'found null'],
    ['gold between', { gold: 0.5 }, 'doc_to_target', 'found 0.5'],
    ['no choices', { choices: [] }, 'doc_to_choice', 'expected a list of two or more texts'],
    ['an empty choice', { choices: ['a', ''] }, 'doc_to_choice', 'choice 1 is ""'],
    ['choices that are numbers', { choices: [1, 2] }, 'doc_to_choice', 'choice 0 is 1'],
    ['an id that stands twice', { id: 'q0' }, 'id', 'the id "q0" already stands at'],
  ])('%s', async (_, change, field, message) => {
    const rows = ROWS.map((row, i) => (i === 4 ? { ...row, ...change } : row))
    const error = await refusal(CHOICES, rows)
    expect([error.code, error.place?.line, error.place?.field]).toEqual(['task/bad-item', 5, field])
    expect(error.message).toContain(message)
  })

  it.each([
    [{ question: 'query' }, 'the task reads no field "question"'],
    [{ query: 'question' }, 'expected "question"'],
  ])('columns %j', async (columns, told) => {
    const data = rowsFile(ROWS.map(({ query: asked, ...row }) => ({ ...row, asked })))
    const error = (await loadTasks(write(CHOICES), { data, columns }).catch((e) => e)) as AssayError
    expect([error.code, error.message.includes(told)]).toEqual(['task/no-such-column', true])
  })

  it('a file of items that is not there', async () => {
    const error = (await loadTasks(write(CHOICES), { data: 'nope.jsonl' }).catch((e) => e)) as AssayError
    expect([error.code, error.place?.path]).toEqual(['task/no-items', 'nope.jsonl'])
  })

  it('more examples than there are, and examples that are not here', async () => {
    expect((await refusal(CHOICES, ROWS, 12)).message).toContain(
      '13 rows are needed for 12 examples, there are 12',
    )
    const apart = CHOICES.replace('fewshot_split: test', 'fewshot_split: train')
    expect((await refusal(apart, ROWS, 1)).message).toContain('they come from the split "train"')
  })

  it('all bad rows at once', async () => {
    const rows = ROWS.map((row, i) => (i < 3 ? { ...row, gold: 9 } : row))
    expect((await refusal(CHOICES, rows)).message.split('\n')).toHaveLength(3)
  })
})
