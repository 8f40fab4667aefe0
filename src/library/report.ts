/** A result as text, HTML, Markdown, JUnit, JSON or SVG. */
export type {
  Book,
  GateJson,
  MetricJson,
  ResultJson,
  SvgOptions,
  TerminalOptions,
  Theme,
} from '../report/index.js'
export {
  chartToSvg,
  formatEstimate,
  formatQuantity,
  renderHtml,
  renderJUnit,
  renderMarkdown,
  renderTerminal,
  resultToJson,
} from '../report/index.js'
