import { describe, expect, it } from 'vitest'
import { STRONGEST_OPACITY } from './charts/passage.js'
import { colour, colourDeclarations, type Role, resolveColours, SERIES_ROLES, THEMES } from './palette.js'

type Rgb = readonly [number, number, number]

const rgb = (hex: string): Rgb =>
  [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as unknown as Rgb
const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)

/** Relative luminance and contrast ratio: WCAG 2.2, definitions. */
function contrast(a: Rgb, b: Rgb): number {
  const luminance = (c: Rgb): number => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2])
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const mix = (over: Rgb, under: Rgb, share: number): Rgb =>
  over.map((c, i) => c * share + (under[i] ?? 0) * (1 - share)) as unknown as Rgb

describe.each(THEMES)('%s theme', (theme) => {
  const of = (role: Role): Rgb => rgb(colour(role, theme))
  const TEXT: readonly Role[] = ['ink', 'soft', 'link', 'pass', 'warn', 'fail', 'insufficient', 'error']

  it.each(TEXT)('%s is readable as text on the page and on a panel (AA: 4.5)', (role) => {
    expect(contrast(of(role), of('page'))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(of(role), of('panel'))).toBeGreaterThanOrEqual(4.5)
  })

  it.each([...SERIES_ROLES, 'faint'] as const)('%s can be seen as a line (AA for graphics: 3)', (role) => {
    expect(contrast(of(role), of('page'))).toBeGreaterThanOrEqual(3)
  })

  it.each(['pass', 'warn', 'fail'] as const)('a verdict is readable on %s', (role) => {
    expect(contrast(of('page'), of(role))).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['series1', 'series2'] as const)('text is readable on the strongest tint of %s', (role) => {
    expect(contrast(of('ink'), mix(of(role), of('panel'), STRONGEST_OPACITY))).toBeGreaterThanOrEqual(4.5)
  })

  it('tells any two series apart with full sight and each kind of colour blindness', () => {
    // Just noticeable in OKLab is about .02 (Ottosson 2020); thin lines on a page need several times that.
    for (const [name, blindness] of Object.entries(BLINDNESS))
      for (const a of SERIES_ROLES)
        for (const b of SERIES_ROLES)
          if (a < b)
            expect(
              distance(see(of(a), blindness), see(of(b), blindness)),
              `${a}, ${b}, ${name}`,
            ).toBeGreaterThan(0.1)
  })

  it('tells pass from fail with each kind of colour blindness', () => {
    for (const blindness of Object.values(BLINDNESS))
      expect(distance(see(of('pass'), blindness), see(of('fail'), blindness))).toBeGreaterThan(0.05)
  })
})

/** Full dichromacy in linear RGB: Machado, Oliveira & Fernandes (2009), table 1, severity 1.0. */
const BLINDNESS = {
  none: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  tritanopia: [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039],
} as const

function see(color: Rgb, m: readonly number[]): Rgb {
  const [r, g, b] = color.map(linear) as [number, number, number]
  return [0, 3, 6].map((i) =>
    Math.max(0, (m[i] ?? 0) * r + (m[i + 1] ?? 0) * g + (m[i + 2] ?? 0) * b),
  ) as unknown as Rgb
}

/** Euclidean distance in OKLab (Ottosson 2020) of two colours in linear RGB. */
function distance(a: Rgb, b: Rgb): number {
  const lab = ([r, g, bl]: Rgb): Rgb => {
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * bl)
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * bl)
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * bl)
    return [
      0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
      1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
      0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ]
  }
  const [x, y] = [lab(a), lab(b)]
  return Math.hypot(x[0] - y[0], x[1] - y[1], x[2] - y[2])
}

describe('variables', () => {
  it('stand for a colour of the theme in a drawing of its own', () => {
    expect(resolveColours('fill="var(--ink)" stroke="var(--series2)"', 'dark')).toBe(
      `fill="${colour('ink', 'dark')}" stroke="${colour('series2', 'dark')}"`,
    )
    expect(resolveColours('var(--other)', 'light')).toBe('var(--other)')
  })

  it('fall back to light colours where a browser cannot choose', () => {
    const [before] = colourDeclarations().split('@supports')
    expect(before).toContain(`--page:${colour('page', 'light')}`)
  })
})
