import type { EvidenceByKind, EvidenceKind } from '../../../core/index.js'
import { type Codec, flatRows, plainJson } from './codec.js'
import { factCounts } from './fact-counts.js'
import { gain } from './gain.js'
import { salience } from './salience.js'
import { surprisal } from './surprisal.js'
import { tokenizer } from './tokenizer.js'
import { trainingLog } from './training-log.js'

/** How each kind lies on disk. read ∘ write = identity is tested for every entry. */
export const CODECS: { readonly [Kind in EvidenceKind]: Codec<EvidenceByKind[Kind]> } = {
  model: plainJson(1),
  engineCheck: plainJson(),
  surprisal,
  tokenizer,
  cost: plainJson(1),
  trainingLog,
  evaluations: flatRows('rows', {
    model: 'VARCHAR',
    family: 'VARCHAR',
    params: 'DOUBLE',
    tokens: 'DOUBLE',
    flops: 'DOUBLE',
    checkpoint: 'VARCHAR',
    benchmark: 'VARCHAR',
    metric: 'VARCHAR',
    value: 'DOUBLE',
    n_items: 'DOUBLE',
    chance: 'DOUBLE',
    k: 'DOUBLE',
    loss: 'DOUBLE',
    task_loss: 'DOUBLE',
    subset: 'VARCHAR',
    source: 'VARCHAR',
  }),
  factCounts,
  answers: {
    since: 1,
    ...flatRows('answers', {
      fact_id: 'VARCHAR',
      model: 'VARCHAR',
      params: 'DOUBLE',
      relation: 'VARCHAR',
      domain: 'VARCHAR',
      template: 'VARCHAR',
      reading: 'VARCHAR',
      correct: 'DOUBLE',
      total: 'DOUBLE',
      logprob: 'DOUBLE',
      rank: 'DOUBLE',
      candidates: 'DOUBLE',
      confidence: 'DOUBLE',
      answer: 'VARCHAR',
    }),
  },
  salience,
  gain,
  adaptation: flatRows('outcomes', {
    task: 'VARCHAR',
    condition: 'VARCHAR',
    k: 'DOUBLE',
    draw: 'DOUBLE',
    item: 'VARCHAR',
    cluster: 'VARCHAR',
    margin: 'DOUBLE',
    correct: 'DOUBLE',
  }),
  choices: flatRows('answers', {
    task: 'VARCHAR',
    draw: 'DOUBLE',
    item: 'VARCHAR',
    cluster: 'VARCHAR',
    choice: 'DOUBLE',
    gold: 'DOUBLE',
    logLikelihood: 'DOUBLE',
    unconditioned: 'DOUBLE',
    tokens: 'DOUBLE',
    characters: 'DOUBLE',
    bytes: 'DOUBLE',
    scoredBytes: 'DOUBLE',
    greedy: 'DOUBLE',
    answer: 'VARCHAR',
    match: 'DOUBLE',
  }),
  contamination: flatRows('items', { task: 'VARCHAR', item_id: 'VARCHAR', clean: 'DOUBLE' }),
  corpus: plainJson(),
}
