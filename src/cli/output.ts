import { extname, join } from 'node:path'
import { writeFileAtomic } from '../audit/index.js'
import type { Result } from '../core/index.js'
import {
  chartToSvg,
  renderHtml,
  renderJUnit,
  renderMarkdown,
  renderTerminal,
  resultToJson,
} from '../report/index.js'
import { raise } from './errors.js'
import type { Io } from './run.js'

type Render = (result: Result) => string | Promise<string>

/** Every chart of a result, one below the other being left to HTML: an SVG file holds the first. */
async function firstChart(result: Result): Promise<string> {
  const chart = result.sections.flatMap((section) => section.charts).at(0)
  if (chart === undefined) throw raise('bad-option', 'this result has no chart to write as SVG')
  return chartToSvg(chart)
}

const BY_EXTENSION: Readonly<Record<string, Render>> = {
  '.html': renderHtml,
  '.md': renderMarkdown,
  '.json': (result) => `${JSON.stringify(resultToJson(result), null, 2)}\n`,
  '.xml': renderJUnit,
  '.svg': firstChart,
  '.txt': (result) => renderTerminal(result, { colour: false }),
}

/** Write a result to files, the form chosen by extension; several are allowed. */
export async function writeOutputs(result: Result, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const render = BY_EXTENSION[extname(path).toLowerCase()]
    if (render === undefined)
      throw raise(
        'bad-option',
        `found "${path}", expected a file that ends in ${Object.keys(BY_EXTENSION).join(', ')}`,
        { field: '-o' },
      )
    writeFileAtomic(path, await render(result))
  }
}

/** The four files that `--out DIR` receives. */
export function reportFiles(folder: string): string[] {
  return ['report.html', 'report.json', 'report.md', 'junit.xml'].map((name) => join(folder, name))
}

/** `-o` may be given several times. */
export function collect(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value]
}

/** A result for the terminal, as wide as the window up to 100 columns. */
export function forTerminal(result: Result, io: Io): string {
  return renderTerminal(result, { colour: io.colour, columns: Math.min(100, process.stdout.columns ?? 100) })
}
