import { estimateToJson, type FitByName } from '../../core/index.js'

/** The members of `assay fit --json` beside the ones that every command has. */
export function fitJson(made: FitByName, notes: readonly string[]): object {
  const { form, optimum } = made
  return {
    form: form.id,
    equation: form.equation,
    parameters: made.parameters.map(({ reason, ...parameter }) => ({
      ...parameter,
      ...(reason === null ? {} : { reason }),
    })),
    at: estimateToJson(made.at),
    ...(optimum === null
      ? {}
      : {
          optimum: {
            params: estimateToJson(optimum.params),
            tokens: estimateToJson(optimum.tokens),
            value: estimateToJson(optimum.value),
          },
        }),
    r2: made.r2,
    converged: made.converged,
    residualDeviation: made.deviation,
    rows: made.rows,
    runs: made.runs,
    notes,
  }
}
