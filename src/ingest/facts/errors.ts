import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('facts', {
  unreadable: {
    kind: 'input',
    title: 'A facts file cannot be read.',
    fix: 'Pass a file of facts that exists (JSONL, CSV, TSV; PopQA, TriviaQA, an export of Wikidata), or a file or folder of BEAR, LRE or LAMA.',
  },
  'not-json': {
    kind: 'input',
    title: 'A line of the facts is not JSON.',
    fix: 'Write one JSON object per line: {"subject": "France", "relation": "capital", "object": "Paris"}.',
  },
  'bad-field': {
    kind: 'input',
    title: 'A fact has a field that cannot be used.',
    fix: 'A fact is {"subject", "relation", "object"}, non-empty strings; optional are "id", "domain" (strings), "aliases" and "subject_aliases" (lists of strings). Other names are mapped with --columns subject=head.',
  },
  duplicate: {
    kind: 'input',
    title: 'Two facts have the same id.',
    fix: 'Delete one of the two lines, or give each its own "id".',
  },
  empty: {
    kind: 'input',
    title: 'There are no facts.',
    fix: 'Pass a file with at least one fact, as one JSON object per line.',
  },
})

/** More bad lines than this are counted, not listed. */
export const MAX_LISTED_FAULTS = 20
