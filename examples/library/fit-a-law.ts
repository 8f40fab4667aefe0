// Fit a scaling law to a table of runs, and ask where the best split of a budget lies.
import { createRandom, DEFAULT_LEVEL, DEFAULT_SEED, FORMS, fitByName } from 'assay-audit/core'
import { readFitTable } from 'assay-audit/ingest'
import { formatEstimate } from 'assay-audit/report'

const form = FORMS.find(({ id }) => id === 'chinchilla')
if (form === undefined) throw new Error('no form of that name')
const { table } = await readFitTable('examples/fit/runs.csv', form, { columns: {}, where: {}, chance: null })

const request = { at: null, budget: 1e23, level: DEFAULT_LEVEL, resamples: 200 }
const { parameters, optimum } = fitByName(form, table, request, createRandom(DEFAULT_SEED))
for (const { name, value, identified, reason } of parameters)
  console.log(`${name} = ${value.toPrecision(3)}${identified ? '' : `, not pinned down: ${reason}`}`)
if (optimum !== null) console.log(`parameters for 1e23 FLOPs: ${formatEstimate(optimum.params)}`)
