/**
 * Accuracy of guessing for benchmarks whose result files do not tell it: one over the number of choices, 0 for
 * open answers. ARC has a few questions with 3 or 5 choices; 1/4 is its customary level. BBH, MUSR and TruthfulQA have
 * parts of 2 to 10 and more choices: a level that no model of `scaling/families` is below stands for them.
 * null: another benchmark than its name begins with, of which no level is known.
 */
const CHANCE: Readonly<Record<string, number | null>> = {
  anli: 1 / 3,
  arc: 0.25,
  arc_agi: 0,
  arc_c: 0.25,
  arc_challenge: 0.25,
  arc_e: 0.25,
  arc_easy: 0.25,
  bbh: 0.25,
  belebele: 0.25,
  big_bench_hard: 0.25,
  boolq: 0.5,
  cb: 1 / 3,
  ceval: 0.25,
  cmmlu: 0.25,
  commonsense_qa: 0.2,
  copa: 0.5,
  coqa: 0,
  csqa: 0.2,
  drop: 0,
  gpqa: 0.25,
  gsm8k: 0,
  headqa: 0.25,
  hellaswag: 0.25,
  humaneval: 0,
  ifeval: 0,
  jeopardy: 0,
  lambada: 0,
  logiqa: 0.25,
  math: 0,
  math_qa: 0.2,
  mathqa: 0.2,
  mbpp: 0,
  medmcqa: 0.25,
  medqa: 0.25,
  mgsm: 0,
  mmlu: 0.25,
  mmlu_pro: 0.1,
  mnli: 1 / 3,
  mrpc: 0.5,
  musr: 0.3,
  natural_questions: 0,
  naturalqs: 0,
  nq: 0,
  nq_open: 0,
  obqa: 0.25,
  openbookqa: 0.25,
  piqa: 0.5,
  prost: 0.25,
  pubmedqa: 1 / 3,
  qnli: 0.5,
  qqp: 0.5,
  quac: 0,
  race: 0.25,
  rte: 0.5,
  sciq: 0.25,
  siqa: 1 / 3,
  social_iqa: 1 / 3,
  socialiqa: 1 / 3,
  squad: 0,
  sst2: 0.5,
  storycloze: 0.5,
  swag: 0.25,
  triviaqa: 0,
  truthfulqa: 0.2,
  truthfulqa_gen: null,
  wic: 0.5,
  wino: 0.5,
  winograd: 0.5,
  winogrande: 0.5,
  wsc: 0.5,
  xcopa: 0.5,
  xnli: 1 / 3,
  xstorycloze: 0.5,
  xwinograd: 0.5,
}

const ALIASES: Readonly<Record<string, string>> = {
  hendryckstest: 'mmlu',
  global_mmlu: 'mmlu',
  ai2_arc: 'arc_easy',
  c_eval: 'ceval',
  human_eval: 'humaneval',
  trivia_qa: 'triviaqa',
  truthful_qa: 'truthfulqa',
  truthful_qa_gen: 'truthfulqa_gen',
}

/** Chance level of a benchmark by its name, longest known prefix first (`mmlu_anatomy`, `lambada_openai`), or null. */
export function knownChance(benchmark: string): number | null {
  const name = benchmark.toLowerCase().replaceAll(/[- ]/g, '_')
  const parts = name.split('_')
  for (let length = parts.length; length >= 1; length--) {
    const prefix = parts.slice(0, length).join('_')
    const level = CHANCE[ALIASES[prefix] ?? prefix]
    if (level !== undefined) return level
  }
  return null
}
