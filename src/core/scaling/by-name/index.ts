export {
  type FitByName,
  type FitRequest,
  type FitTable,
  fitByName,
  type ParameterReport,
  splitsBudget,
} from './fit-by-name.js'
export { inputQuantity, measuredQuantity } from './quantities.js'
