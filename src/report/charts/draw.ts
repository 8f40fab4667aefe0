import type { PlotOptions } from '@observablehq/plot'
import { createRandom } from '../../core/index.js'
import { colourVariable } from '../palette.js'
import { escapeMarkup, oneLine } from '../text/safe.js'

/** The drawing library, loaded only when something is drawn: it costs half a second. */
export type PlotLibrary = typeof import('@observablehq/plot')

/** The little of an SVG element that the report touches. */
interface SvgElement {
  readonly outerHTML: string
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  remove(): void
  querySelectorAll(selector: string): Iterable<SvgElement>
}

export const FONT_STACK =
  "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif"
export const FONT_SIZE = 12

/** What a drawing is called and what it shows, for those who do not see it. */
export interface Description {
  readonly title: string
  readonly text: string
}

export interface Canvas {
  readonly plot: PlotLibrary
  /** Draw and return the finished SVG text: stable between calls, coordinates to a tenth of a pixel. */
  draw(options: PlotOptions): string
}

let loaded: Promise<Canvas> | undefined

/** Load Plot and a document to draw in, once. */
export function loadCanvas(): Promise<Canvas> {
  loaded ??= Promise.all([import('@observablehq/plot'), import('linkedom')]).then(([plot, { parseHTML }]) => {
    const { document } = parseHTML('<!doctype html><html><body></body></html>')
    return {
      plot,
      draw: (options) => finish(plot.plot({ ...options, document }) as unknown as SvgElement),
    }
  })
  return loaded
}

const LONG_FRACTION = /-?\d+\.\d{2,}(?:e-?\d+)?/g

function finish(svg: SvgElement): string {
  for (const style of [...svg.querySelectorAll('style')]) style.remove()
  for (const element of [svg, ...svg.querySelectorAll('*')]) {
    element.removeAttribute('aria-label')
    element.removeAttribute('aria-hidden')
    for (const { name, value } of [...element.attributes])
      if (LONG_FRACTION.test(value))
        element.setAttribute(
          name,
          value.replace(LONG_FRACTION, (number) => String(Math.round(Number(number) * 10) / 10)),
        )
  }
  svg.removeAttribute('class')
  return nameClips(svg.outerHTML)
}

/**
 * Plot numbers its clip paths through the life of the process. Here they are named after the drawing itself, so
 * that the same chart gives the same bytes and two charts on a page never share a name.
 */
function nameClips(svg: string): string {
  const seen: string[] = []
  const numbered = svg.replace(/plot-clip-\d+/g, (id) => {
    if (!seen.includes(id)) seen.push(id)
    return `clip-${seen.indexOf(id)}`
  })
  const name = createRandom()
    .derive(numbered)
    .integer(36 ** 6)
    .toString(36)
  return numbered.replace(
    /(id="|url\(#)clip-(\d+)/g,
    (_, before: string, index: string) => `${before}${name}-${index}`,
  )
}

/** Name and describe a standalone drawing for screen readers. */
export function nameSvg(svg: string, { title, text }: Description): string {
  const words = `<title>${escapeMarkup(oneLine(title))}</title><desc>${escapeMarkup(oneLine(text))}</desc>`
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_, attributes: string) => `<svg xmlns="http://www.w3.org/2000/svg" role="img" ${attributes}>${words}`,
  )
}

/**
 * Describe a drawing within a page, where its figure's caption names it: a title of its own would pop up
 * wherever one points.
 *
 * @param captionId  id of the caption's element
 * @param id         id for the description, unique on the page
 */
export function labelSvg(svg: string, captionId: string, id: string, text: string): string {
  return svg.replace(
    /^<svg ([^>]*)>/,
    (_, attributes: string) =>
      `<svg role="img" aria-labelledby="${captionId}" aria-describedby="${id}" ${attributes}><desc id="${id}">${escapeMarkup(oneLine(text))}</desc>`,
  )
}

/** Options that all charts share. */
export function baseOptions(width: number, height: number): PlotOptions {
  return {
    width,
    height,
    style: {
      color: colourVariable('ink'),
      fontFamily: FONT_STACK,
      fontSize: `${FONT_SIZE}px`,
      background: 'none',
    },
  }
}
