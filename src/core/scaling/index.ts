export * from './fit-form.js'
export type * from './form.js'
export { FORMS } from './forms/index.js'
export type { FitWarning } from './identifiability.js'
