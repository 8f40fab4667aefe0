import { describe, expect, it } from 'vitest'
import type { EvaluationRow, EvaluationsEvidence } from '../../../../core/index.js'
import { tidyReader } from './index.js'

/** A table as somebody keeps it, what is asked about it, and what a person reads off it. */
interface Kept {
  readonly name: string
  readonly text: string
  readonly columns?: Readonly<Record<string, string>>
  readonly benchmarks?: readonly string[]
  readonly rows: readonly Partial<EvaluationRow>[]
  readonly runs?: EvaluationsEvidence['runs']
  readonly dropped?: readonly RegExp[]
  readonly notes?: readonly RegExp[]
}

const TABLES: readonly Kept[] = [
  {
    name: 'a leaderboard of 2023: link in the name, shots in headers, an average, likes',
    text: `T,Model,Average ⬆️,ARC (25-shot),HellaSwag (10-shot),MMLU (5-shot),#Params (B),Hub ❤️,Precision
🟢,"<a href=""https://hf.co/org/m-7b"">org/m-7b</a>",62.0,54.3,78.6,45.1,6.74,120,float16
🟢,[org/n-13b](https://hf.co/org/n-13b),66.0,59.4,82.1,55.8,13.0,80,float16`,
    rows: [
      { model: 'org/m-7b', params: 6.74e9, benchmark: 'ARC (25-shot)', value: 0.543 },
      { model: 'org/m-7b', params: 6.74e9, benchmark: 'HellaSwag (10-shot)', value: 0.786 },
      { model: 'org/m-7b', params: 6.74e9, benchmark: 'MMLU (5-shot)', value: 0.451 },
      { model: 'org/n-13b', params: 13e9, benchmark: 'ARC (25-shot)', value: 0.594 },
      { model: 'org/n-13b', params: 13e9, benchmark: 'HellaSwag (10-shot)', value: 0.821 },
      { model: 'org/n-13b', params: 13e9, benchmark: 'MMLU (5-shot)', value: 0.558 },
    ],
    notes: [
      /a column a benchmark: ARC \(25-shot\), HellaSwag \(10-shot\), MMLU \(5-shot\) \(in percent\)/,
      /no benchmark that is known by name: Average ⬆️, Hub ❤️; .*--benchmarks/,
    ],
  },
  {
    name: 'a leaderboard of 2024: scores above chance beside raw ones',
    text: `fullname,Model,IFEval,IFEval Raw,BBH,BBH Raw,MATH Lvl 5,MATH Lvl 5 Raw,#Params (B)
org/a,<a>org/a</a>,21.4,0.214,12.0,0.34,0.3,0.003,1.2`,
    rows: [
      { model: 'org/a', benchmark: 'IFEval', value: 0.214, params: 1.2e9 },
      { model: 'org/a', benchmark: 'BBH', value: 0.34 },
      { model: 'org/a', benchmark: 'MATH Lvl 5', value: 0.003 },
    ],
    notes: [/IFEval Raw, BBH Raw, MATH Lvl 5 Raw$/, /raw ones are read/],
  },
  {
    name: 'a list of records, as a data set’s server gives it',
    text: '[{"model_name": "a", "params": 1e9, "tokens": 2e10, "piqa": 0.7, "boolq": null},\n {"model_name": "b", "params": 2e9, "tokens": 4e10, "piqa": 0.75, "boolq": 0.6}]',
    rows: [
      { model: 'a', params: 1e9, tokens: 2e10, benchmark: 'piqa', value: 0.7, source: 't#[0]' },
      { model: 'b', benchmark: 'piqa', value: 0.75 },
      { model: 'b', benchmark: 'boolq', value: 0.6 },
    ],
    notes: [/piqa, boolq/],
  },
  {
    name: 'a paper’s table: units in headers, in brackets of both kinds',
    text: 'Model,Params (M),Tokens [B],Compute (ZFLOPs),PIQA (%)\nsmall,125,300,0.225,62.9\nlarge,1300,300,2.34,70.1\n',
    rows: [
      { params: 1.25e8, tokens: 3e11, flops: 2.25e20, benchmark: 'PIQA', value: 0.629 },
      { params: 1.3e9, tokens: 3e11, flops: 2.34e21, value: 0.701 },
    ],
    notes: [/PIQA \(%\)$/],
  },
  {
    name: 'units as words, behind a comma and as powers',
    text: 'name,"Parameters, M",Training Tokens (×10⁹),FLOPs (10^18),task,score\nx,70,1.4,0.588,arc,0.3\n',
    rows: [{ params: 7e7, tokens: 1.4e9, flops: 5.88e17, benchmark: 'arc', value: 0.3 }],
  },
  {
    name: 'more active parameters than there are: the columns are swapped',
    text: 'model,active_parameters,n_params,tokens,benchmark,value\na,47B,13B,2e11,piqa,.7\nb,3B,30B,2e11,piqa,.7\n',
    rows: [{ model: 'b', params: 30e9 }],
    dropped: [/47000000000 active parameters of 13000000000: more than there are/],
  },
  {
    name: 'petaflop/s-days',
    text: 'model,n_params_b,training tokens in billions,Compute (PF-days),benchmark,accuracy\ngpt,175,300,3640,lambada,0.76\n',
    rows: [{ params: 1.75e11, tokens: 3e11, flops: 3640 * 8.64e19, value: 0.76 }],
  },
  {
    name: 'a cell with its own unit in a column with one',
    text: 'model,size (B),tokens (B),benchmark,value\na,1.4B,300,piqa,.7\nb,160M,300,piqa,.6\n',
    rows: [
      { params: 1.4e9, tokens: 3e11 },
      { params: 1.6e8, tokens: 3e11 },
    ],
  },
  {
    name: 'semicolons and decimal commas, a point every three digits',
    text: 'Modell;params;tokens;benchmark;value\na;1.400.000.000;3,0e11;piqa;0,703\nb;70.000.000;3e11;piqa;0,61\n',
    columns: { model: 'Modell' },
    rows: [
      { model: 'a', params: 1.4e9, tokens: 3e11, value: 0.703 },
      { model: 'b', params: 7e7, tokens: 3e11, value: 0.61 },
    ],
  },
  {
    name: 'semicolons, decimal commas, wide, in percent',
    text: 'model;params (B);tokens (B);HellaSwag;WinoGrande\na;1,4;300;52,03;57,2\nb;0,07;300;27,5;51,9\n',
    rows: [
      { params: 1.4e9, benchmark: 'HellaSwag', value: 0.5203 },
      { params: 1.4e9, benchmark: 'WinoGrande', value: 0.572 },
      { params: 7e7, benchmark: 'HellaSwag', value: 0.275 },
      { params: 7e7, benchmark: 'WinoGrande', value: 0.519 },
    ],
    notes: [/in percent/],
  },
  {
    name: 'semicolons with decimal points stay points',
    text: 'model;params;benchmark;value\na;1,4;piqa;0.703\n',
    rows: [],
    dropped: [/params is "1,4"/],
  },
  {
    name: 'commas every three digits, in quotes',
    text: 'model,params,tokens,benchmark,value\na,"1,400,000,000","300,000,000,000",piqa,0.7\n',
    rows: [{ params: 1.4e9, tokens: 3e11 }],
  },
  {
    name: 'bold best values, footnote marks, errors behind values',
    text: 'model,params,tokens,BoolQ,COPA\na,1e9,2e10,60.2 ± 0.9,**71.0**\nb,2e9,4e10,\\textbf{66.1},74.0†\n',
    rows: [{ value: 0.602 }, { value: 0.71 }, { value: 0.661 }, { value: 0.74 }],
    notes: [/BoolQ, COPA \(in percent\)/],
  },
  {
    name: 'two metrics a benchmark, and their standard errors',
    text: 'model,params,tokens,arc_challenge acc,arc_challenge acc_norm,arc_challenge acc_stderr\na,1e9,2e10,0.31,0.34,0.01\n',
    rows: [
      { benchmark: 'arc_challenge', metric: 'acc', value: 0.31 },
      { benchmark: 'arc_challenge', metric: 'acc_norm', value: 0.34 },
    ],
    notes: [/acc, arc_challenge acc_norm/],
  },
  {
    name: 'sizes in names alone: told, and not taken',
    text: 'Model,tokens,PIQA\npythia-1.4b,3e11,0.71\npythia-70m,3e11,0.59\nmixtral-8x7b,3e11,0.8\n',
    rows: [{ params: null }, { params: null }, { params: null }],
    notes: [
      /PIQA/,
      /no column of parameters, but 2 of 3 names tell a size \(pythia-1\.4b: 1\.4e9\): --columns params=Model/,
    ],
  },
  {
    name: 'a column of parameters that is blank where names tell them',
    text: 'Model,params,tokens,PIQA\npythia-1.4b,,3e11,0.71\npythia-70m,7e7,3e11,0.59\nmine,,3e11,0.6\n',
    rows: [{ params: null }, { params: 7e7 }, { params: null }],
    notes: [
      /PIQA/,
      /parameters of 2 models are blank, but 1 of 2 name tells a size \(pythia-1\.4b: 1\.4e9\): --columns params=Model/,
    ],
  },
  {
    name: 'millions and billions that no header names: asked about',
    text: 'model,params,tokens,benchmark,value\na,160,300,piqa,.6\nb,1400,300,piqa,.7\n',
    rows: [{ params: 160 }, { params: 1400 }],
    notes: [
      /params is 1400 at most: in millions, or billions\? --columns "params=params\*1e6" \(or \*1e9\)/,
      /tokens is 300 at most/,
    ],
  },
  {
    name: 'sizes in names, asked for',
    text: 'Model,tokens,PIQA\nPythia 1.4B,3e11,0.71\nbloom-7b1,3e11,0.72\nmixtral-8x7b,3e11,0.8\nopt-125m,3e11,\n',
    columns: { params: 'Model' },
    rows: [{ params: 1.4e9 }, { params: 7.1e9 }],
    dropped: [/the name "mixtral-8x7b" tells no size, or two/],
    notes: [/PIQA/],
  },
  {
    name: 'a factor that the user gives',
    text: 'id,N,D,quiz,score\na,1.4,300,arc,0.3\n',
    columns: { model: 'id', params: 'N*1e9', tokens: 'D * 1e9', benchmark: 'quiz' },
    rows: [{ params: 1.4e9, tokens: 3e11, benchmark: 'arc', value: 0.3 }],
  },
  {
    name: 'a benchmark of one’s own, asked for by name',
    text: 'run\tparams\ttokens\tlr\thouse quiz\tPIQA\nr1\t1e8\t2e9\t0.01\t0.31\t0.6\n',
    benchmarks: ['house quiz'],
    rows: [
      { benchmark: 'house quiz', value: 0.31 },
      { benchmark: 'PIQA', value: 0.6 },
    ],
    notes: [/house quiz, PIQA$/],
  },
  {
    name: 'one column in shares beside percentages: left out, and said',
    text: 'model,params,tokens,HellaSwag,PIQA,GSM8K\na,1e9,2e10,52.0,70.1,0.8\nb,2e9,4e10,58.3,73.0,0.9\n',
    rows: [{ value: 0.52 }, { value: 0.701 }, { value: 0.583 }, { value: 0.73 }],
    notes: [
      /HellaSwag, PIQA \(in percent\)/,
      /GSM8K is left out: no score above 1 .* "GSM8K \(%\)" or "GSM8K \(share\)"/,
    ],
  },
  {
    name: 'missing cells are no zeros',
    text: 'model,params,tokens,SciQ,RACE\na,1e9,2e10,-,0.35\nb,2e9,4e10,0.9,n/a\nc,4e9,8e10,?,0.4\n',
    rows: [
      { benchmark: 'RACE', value: 0.35 },
      { benchmark: 'SciQ', value: 0.9 },
      { benchmark: 'RACE', value: 0.4 },
    ],
    dropped: [/SciQ is "\?", expected a number/],
    notes: [/SciQ, RACE/],
  },
  {
    name: 'runs without results, with settings that are no benchmarks',
    text: 'run,params,tokens,layers,learning_rate,dropout\na,1e9,2e10,24,0.0003,0.1\n',
    rows: [],
    runs: [
      { model: 'a', family: null, params: 1e9, tokens: 2e10, flops: null, checkpoint: null, loss: null },
    ],
  },
  {
    name: 'a training set called dataset beside columns of benchmarks',
    text: 'model,dataset,params,tokens,HellaSwag,val_loss\nrw-1b,refinedweb,1.4e9,2.8e10,0.55,2.5\n',
    rows: [{ model: 'rw-1b', benchmark: 'HellaSwag', value: 0.55, loss: 2.5 }],
    notes: [/HellaSwag/],
  },
  {
    name: 'a training log’s line at the end of each evaluation, as JSON Lines, wide',
    text: '{"run": "a", "params": 1e9, "tokens": 1e10, "lambada/acc": 0.41, "step": 100}\n{"run": "a", "params": 1e9, "tokens": 2e10, "lambada/acc": 0.48, "step": 200}\n',
    rows: [
      { model: 'a', checkpoint: '100', benchmark: 'lambada', metric: 'acc', value: 0.41 },
      { model: 'a', checkpoint: '200', benchmark: 'lambada', metric: 'acc', value: 0.48 },
    ],
    notes: [/lambada\/acc$/],
  },
]

describe('tables as people keep them', () => {
  it.each(TABLES.map((table) => [table.name, table] as const))('%s', (_name, kept) => {
    const { text, columns = {}, benchmarks = [], rows, runs = [], dropped = [], notes = [] } = kept
    const read = tidyReader.read({ path: 't', text }, { columns, benchmarks })
    expect(read.rows).toHaveLength(rows.length)
    rows.forEach((row, i) => {
      const { params, tokens, flops, value, ...exact } = row
      expect(read.rows[i]).toMatchObject(exact)
      for (const [name, wanted] of Object.entries({ params, tokens, flops, value })) {
        const found = read.rows[i][name as 'params']
        if (typeof wanted === 'number') expect((found ?? 0) / wanted, name).toBeCloseTo(1, 9)
        else if (wanted === null) expect(found, name).toBeNull()
      }
    })
    expect(read.runs).toEqual(runs)
    expect(read.dropped).toEqual(
      dropped.map((reason) => ({ source: expect.any(String), reason: expect.stringMatching(reason) })),
    )
    expect(read.notes ?? []).toEqual(notes.map((note) => expect.stringMatching(note)))
  })

  it('a learning rate that falls tells which checkpoints are decayed; one that stands still, or a peak, tells nothing', () => {
    const table = (rates: readonly number[]): string =>
      ['model,params,tokens,lr,piqa', ...rates.map((lr, i) => `a,1e9,${i + 1}e9,${lr},0.6`)].join('\n')
    const undecayed = (rates: readonly number[]) =>
      tidyReader.read({ path: 't', text: table(rates) }, { columns: {} }).undecayed ?? []
    expect(undecayed([1e-4, 1e-3, 1e-3, 1e-3, 5e-4, 1e-4])).toEqual(['t:2', 't:3', 't:4', 't:5', 't:6'])
    expect(undecayed([1e-3, 1e-3])).toEqual([])
    const staged = 'model,params,tokens,stage,piqa\na,1e9,1e9,stable,.6\na,1e9,2e9,anneal,.6\n'
    expect(tidyReader.read({ path: 't', text: staged }, { columns: {} }).undecayed).toEqual(['t:2'])
  })
})
