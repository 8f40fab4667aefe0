export { annotationsOf } from './annotations.js'
export { chartsToSvg, chartToSvg, type SvgOptions } from './charts/chart-to-svg.js'
export { renderHtml } from './html/render.js'
export { type GateJson, type MetricJson, type ResultJson, resultToJson } from './json.js'
export { renderJUnit } from './junit.js'
export { renderMarkdown } from './markdown.js'
export type { Book } from './methods/book.js'
export type { Theme } from './palette.js'
export { renderTerminal, type TerminalOptions } from './terminal/render.js'
export {
  estimateText,
  formatBytes,
  formatEstimate,
  formatQuantity,
  isPercent,
  unitText,
} from './text/numbers.js'
export { escapeMarkdown, oneLine, plain } from './text/safe.js'
