import { VERSION } from '../../audit/index.js'
import {
  type Cell,
  counted,
  type Estimate,
  type Finding,
  type FitByName,
  type FitRequest,
  type FitTable,
  groupBy,
  inputQuantity,
  type LineChart,
  measuredQuantity,
  type ParameterReport,
  type Result,
  type Section,
} from '../../core/index.js'

export const SCHEMA = 'assay/fit@1'
const PROBE = 'scaling-fit'
/** Further beyond the table than this, in any input: a reader is warned. */
const WARNED_REACH = 10

/** Six significant digits at most, without an exponent where none is needed. */
function short(value: number): string {
  const text =
    Math.abs(value) >= 1e5 || (value !== 0 && Math.abs(value) < 1e-3)
      ? value.toExponential(2)
      : value.toPrecision(4)
  return text.replace('e+', 'e')
}

function said(estimate: Estimate, unit: string): string {
  if (estimate.kind === 'notEstimable') return 'not estimable'
  const { low, high, level } = estimate.interval
  return `${short(estimate.value)} ${unit}, ${Math.round(100 * level)} % interval ${short(low)} to ${short(high)}`
}

function placeText(made: FitByName, request: FitRequest): string {
  return made.form.inputs
    .map((input) => `${inputQuantity(input).name} ${short(request.at?.get(input) ?? 0)}`)
    .join(', ')
}

/** Least and largest; tables are too long to be a call's arguments. */
function ends(values: Iterable<number>): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const v of values) {
    least = Math.min(least, v)
    most = Math.max(most, v)
  }
  return [least, most]
}

/** Inputs of the place that lie far beyond the table, in words. */
function reaches({ form }: FitByName, table: FitTable, request: FitRequest): string[] {
  return form.inputs.flatMap((input, i) => {
    const wanted = request.at?.get(input)
    if (wanted === undefined) return []
    const column = table.inputs.map((row) => row[i])
    const [least, most] = ends(column)
    const factor = Math.max(wanted / most, least / wanted)
    return factor > WARNED_REACH
      ? [
          `${inputQuantity(input).name} is ${factor.toFixed(0)}× beyond the table’s ${wanted > most ? 'largest' : 'smallest'}`,
        ]
      : []
  })
}

function isAsked(made: FitByName, request: FitRequest): boolean {
  return made.form.inputs.every((input) => request.at?.has(input) === true)
}

/** `logA, alpha (reason); logE (reason)`: parameters by what leaves them open. */
function openText(open: readonly ParameterReport[]): string {
  return [...groupBy(open, (p) => p.reason)]
    .map(([reason, group]) => `${group.map((p) => p.name).join(', ')} (${reason})`)
    .join('; ')
}

function findingsOf(made: FitByName, table: FitTable, request: FitRequest): Finding[] {
  const { form, at, optimum } = made
  const base = { probe: PROBE, sources: ['docs/methods/scaling.md#a-form-fitted-by-name', form.source] }
  const { unit, name } = measuredQuantity(form.response)
  const far = reaches(made, table, request)
  const open = made.parameters.filter((p) => !p.identified)
  const out: Finding[] = []
  if (isAsked(made, request))
    out.push({
      ...base,
      code: `${PROBE}/value`,
      status:
        at.kind === 'notEstimable' ? 'insufficient' : far.length > 0 || !made.converged ? 'warn' : 'pass',
      title:
        at.kind === 'notEstimable'
          ? `No ${name} can be told at ${placeText(made, request)}: ${at.reason}`
          : `${name} at ${placeText(made, request)}: ${said(at, unit)}${far.length > 0 ? ` (${far.join('; ')})` : ''}`,
      estimate: at,
      ...(at.kind === 'notEstimable' ? { action: 'Add runs that differ in what the law depends on.' } : {}),
    })
  if (optimum !== null && request.budget !== null)
    out.push({
      ...base,
      code: `${PROBE}/optimum`,
      status: optimum.params.kind === 'notEstimable' ? 'insufficient' : 'pass',
      title:
        optimum.params.kind === 'notEstimable'
          ? `No best split of ${short(request.budget)} FLOPs can be told: ${optimum.params.reason}`
          : `Best split of ${short(request.budget)} FLOPs (C = 6·N·D): ${said(optimum.params, 'parameters')}; ${said(optimum.tokens, 'tokens')}`,
      estimate: optimum.params,
    })
  if (open.length > 0)
    out.push({
      ...base,
      code: `${PROBE}/not-identified`,
      status: open.length === made.parameters.length ? 'insufficient' : 'warn',
      title: `The table does not pin down ${openText(open)}`,
      action: 'Add runs that vary the inputs apart, or fit a form with fewer parameters.',
    })
  if (!made.converged)
    out.push({
      ...base,
      code: `${PROBE}/not-converged`,
      status: 'warn',
      title: `The search of ${form.id} did not converge: its parameters are not final`,
    })
  if (out.length === 0)
    out.push({
      ...base,
      code: `${PROBE}/fitted`,
      status: 'pass',
      title: `${form.title}: every parameter is pinned down by ${counted(made.rows, 'row')}`,
    })
  return out
}

/** Residuals against the law's value, and the law's value against what was measured. */
function chartsOf(made: FitByName): LineChart[] {
  const { unit, name } = measuredQuantity(made.form.response)
  const [low, high] = ends(made.measured)
  return [
    {
      kind: 'lines',
      caption: `Residuals of ${made.form.id}: ${made.deviation === null ? 'no rows are left to tell their spread' : `standard deviation ${short(made.deviation)} in the scale of the fit`}; a bend or a fan says that the law does not hold`,
      x: { label: `fitted ${name}`, unit },
      y: { label: 'measured − fitted, in the scale of the fit' },
      series: [{ name: 'rows', style: 'points', x: made.predicted, y: made.residuals }],
      height: 'tall',
    },
    {
      kind: 'lines',
      caption: `${made.form.id} explains ${made.r2 === null ? 'nothing: the response does not vary' : `${(100 * made.r2).toFixed(1)} % of the variance of ${counted(made.rows, 'row')}`}`,
      x: { label: `fitted ${name}`, unit },
      y: { label: `measured ${name}`, unit },
      series: [
        { name: 'as measured', style: 'line', x: [low, high], y: [low, high] },
        { name: 'rows', style: 'points', x: made.predicted, y: made.measured },
      ],
      height: 'tall',
    },
  ]
}

/** ln A is told as A too: papers print amplitudes. */
function amplitude(unit: string, value: number | null): Cell {
  return value === null || !unit.startsWith('ln') ? null : short(Math.exp(value))
}

function sectionOf(
  made: FitByName,
  request: FitRequest,
  notes: readonly string[],
  findings: readonly Finding[],
): Section {
  const { form, optimum } = made
  const { name, unit } = measuredQuantity(form.response)
  return {
    id: PROBE,
    order: 50,
    question: `What does ${form.title.toLowerCase()} say of these runs?`,
    answer: `${findings[0].title}.`,
    charts: [],
    tables: [
      {
        title: 'Parameters',
        columns: ['parameter', 'value', 'low', 'high', 'unit', 'as amplitude', 'pinned down'],
        rows: made.parameters.map((p): Cell[] => [
          p.name,
          short(p.value),
          p.low === null ? null : short(p.low),
          p.high === null ? null : short(p.high),
          p.unit,
          amplitude(p.unit, p.value),
          p.identified ? 'yes' : `no: ${p.reason}`,
        ]),
      },
      ...(isAsked(made, request)
        ? [{ title: 'Value', columns: ['at', name], rows: [[placeText(made, request), made.at]] }]
        : []),
      ...(optimum === null || request.budget === null
        ? []
        : [
            {
              title: 'Compute-optimal split',
              columns: ['FLOPs', 'parameters', 'tokens', name],
              rows: [[short(request.budget), optimum.params, optimum.tokens, optimum.value]],
            },
          ]),
    ],
    protocol: [
      `${form.equation}, fitted ${form.linear || form.delta === Infinity ? 'by least squares' : `with Huber’s loss (δ = ${form.delta})`} to ${counted(made.rows, 'row')} of ${counted(made.runs, 'run')}; ${form.source}.`,
      `Intervals of ${Math.round(100 * request.level)} %: ${request.resamples} resamples of the residuals on fixed inputs, runs drawn whole, ends stretched by Student’s t. The interval of ${name} (${unit}) is that of the law: a single run scatters around it besides.`,
      ...(optimum === null
        ? []
        : [
            `The split minimises the law at C = 6·N·D${form.powers === undefined ? ' by a search' : ' in closed form (arXiv:2203.15556, Eq. 4)'}.`,
          ]),
      ...notes,
    ],
  }
}

/** How far the rows lie from the law: a section of its own, since a terminal shows tables or charts. */
function residualSection(made: FitByName): Section {
  const { r2, deviation, rows, form } = made
  return {
    id: `${PROBE}-residuals`,
    order: 51,
    question: 'Does the law hold?',
    answer:
      r2 === null || deviation === null
        ? `${counted(rows, 'row')} cannot tell.`
        : `It explains ${(100 * r2).toFixed(1)} % of the variance of ${counted(rows, 'row')}; they lie ${short(deviation)} from it in the scale of the fit.`,
    charts: chartsOf(made),
    tables: [],
    protocol: [`Residuals are those of ${form.equation}, in the space that it is fitted in.`],
  }
}

/** Everything that the report room draws of a fit. */
export function fitResult(
  made: FitByName,
  table: FitTable,
  request: FitRequest,
  { inputs, seed, notes }: { inputs: Result['inputs']; seed: number; notes: readonly string[] },
): Result {
  const findings = findingsOf(made, table, request)
  const section = sectionOf(made, request, notes, findings)
  return {
    schema: SCHEMA,
    title: `Scaling law: ${made.form.title}`,
    summary: section.answer,
    seed,
    inputs,
    gates: [],
    findings,
    metrics: [],
    sections: [section, residualSection(made)],
    provenance: [
      { label: 'version', value: VERSION },
      { label: 'form', value: made.form.id },
      { label: 'bootstrap', value: `${request.resamples} resamples` },
    ],
    notMeasured: [],
  }
}
