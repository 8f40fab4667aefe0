import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { callCli, scratch, smallestModel } from './run-cli.js'

it('counts of the items that were measured how many the corpus holds, not of those left out', async () => {
  const folder = scratch('assay-choices-')
  const at = (name: string): string => join(folder, name)
  // More tokens than the context holds: such an item is left out.
  const tooLong = 'the river ran on '.repeat(200)
  const items = Array.from({ length: 10 }, (_, i) => ({
    question: `The door number ${i} is`,
    choices: [i < 2 ? tooLong : 'open', 'shut'],
    answer: i % 2,
  }))
  writeFileSync(at('items.jsonl'), items.map((item) => JSON.stringify(item)).join('\n'))
  writeFileSync(
    at('doors.yaml'),
    `task: doors
dataset_path: json
dataset_kwargs: {data_files: {test: items.jsonl}}
test_split: test
output_type: multiple_choice
doc_to_text: question
doc_to_choice: choices
doc_to_target: answer
`,
  )
  // Both items that are left out stand in the corpus, of those measured the third does, and of the last nothing is known.
  const rows = items.map((_, i) => `${i},doors,${i === 9 ? '' : i > 2}`)
  writeFileSync(at('table.csv'), ['item_id,task,clean', ...rows].join('\n'))
  const asked = ['--task', at('doors.yaml'), '--contamination', at('table.csv'), '--json']
  const { stdout, stderr } = await callCli(['choices', smallestModel(), ...asked])
  expect(stderr).not.toContain('✖')
  expect(JSON.parse(stdout).tasks[0]).toMatchObject({
    items: 8,
    leftOut: [expect.stringContaining('2 of 10 items')],
    clean: { items: 6, contaminated: 1, unknown: 1 },
  })
})
