/**
 * Colours by role, once for every format. Tests hold them to WCAG AA contrast in both themes, and the series
 * colours to being told apart with each kind of colour blindness. The hues are Okabe & Ito's (2008), moved by a
 * random search to the widest distance that contrast leaves (docs/decisions/0041).
 */

/** What a chart is drawn on. */
export type Theme = 'light' | 'dark'
export const THEMES: readonly Theme[] = ['light', 'dark']

/** role: [light, dark] */
const COLOURS = {
  page: ['#ffffff', '#14171a'],
  panel: ['#f5f6f7', '#1d2126'],
  ink: ['#1b1e22', '#e8ebee'],
  soft: ['#565d66', '#a6aeb8'],
  line: ['#dde1e5', '#363d45'],
  link: ['#005f9e', '#7cc0f2'],
  pass: ['#00704f', '#3fcb98'],
  warn: ['#875800', '#e6b450'],
  fail: ['#b23405', '#ff8d68'],
  insufficient: ['#4f5f73', '#a8bacd'],
  error: ['#9c1c5e', '#f58fc0'],
  series1: ['#2a58cb', '#5b9cfe'],
  series2: ['#af530e', '#f97820'],
  series3: ['#25a28d', '#a0e0b3'],
  series4: ['#713f6f', '#ad6881'],
  series5: ['#be8806', '#f2dc37'],
  series6: ['#233037', '#aaa8b4'],
  faint: ['#8c949d', '#79828c'],
} as const satisfies Record<string, readonly [light: string, dark: string]>

export type Role = keyof typeof COLOURS

export const ROLES = Object.keys(COLOURS) as readonly Role[]
export const SERIES_ROLES = [
  'series1',
  'series2',
  'series3',
  'series4',
  'series5',
  'series6',
] as const satisfies readonly Role[]

/** The colour of a role in one theme, `#rrggbb`. */
export function colour(role: Role, theme: Theme): string {
  return COLOURS[role][theme === 'light' ? 0 : 1]
}

/** The CSS variable that carries a role's colour: charts are drawn with it once and follow the page's theme. */
export function colourVariable(role: Role): string {
  return `var(--${role})`
}

/** Replace every role's variable by the theme's own colour, for a drawing that stands alone. */
export function resolveColours(svg: string, theme: Theme): string {
  return svg.replace(/var\(--([a-z]+\d?)\)/g, (whole, name: string) => {
    const role = ROLES.find((known) => known === name)
    return role === undefined ? whole : colour(role, theme)
  })
}

/** Declarations of every role: light for all, and both where the browser can choose. */
export function colourDeclarations(): string {
  const declare = (value: (role: Role) => string): string =>
    ROLES.map((role) => `--${role}:${value(role)}`).join(';')
  const both = declare((role) => `light-dark(${colour(role, 'light')},${colour(role, 'dark')})`)
  const light = declare((role) => colour(role, 'light'))
  return `:root{color-scheme:light dark;${light}}
@supports (color:light-dark(#fff,#000)){:root{${both}}}
@media print{:root{color-scheme:light}}`
}
