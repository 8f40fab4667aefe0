import { patternPrefix } from '../src/core/index.js'
import { PROBES } from '../src/probes/index.js'

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** Every metric that a gate can name, from what the probes declare: docs/metrics.md is made of it. */
export function metricPage(): string {
  const sections = PROBES.filter((probe) => probe.metrics.length > 0).map((probe) => {
    const rows = probe.metrics.map(({ id, part, title, unit, better, onFail, onRegress }) => {
      const prefix = patternPrefix(id)
      const named = prefix === undefined ? id : `${prefix}<${part}>`
      const told = title.replace('*', `‹${part}›`)
      return `| \`${named}\` | ${[told, `${unit}, ${better}`, onFail, onRegress].map(cell).join(' | ')} |`
    })
    return [
      `## ${probe.id}`,
      '',
      '| metric | what it is | unit, and which is better | when its gate fails | when it got worse than the baseline |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n')
  })
  return [
    '# Metrics',
    '',
    'Written by `npx tsx scripts/publish-metrics.ts` from what the probes declare. Ids are permanent; [gates](gates.md) name them.',
    'A part in angle brackets stands once for each domain, text, language, relation or benchmark of the audit.',
    '',
    ...sections,
  ].join('\n')
}
