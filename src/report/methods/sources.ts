import type { Finding, Result, Section } from '../../core/index.js'

/** Findings stand in the section of their probe; a probe with several sections has them in its first. */
export function belongsTo(finding: Finding, section: Section): boolean {
  return (section.probe ?? section.id) === finding.probe
}

/** What a section's findings cite, each once; its first section speaks for a probe. Evidence is named elsewhere. */
export function sourcesOf({ findings, sections }: Result, section: Section): string[] {
  const home = (finding: Finding): Section | undefined =>
    [...sections].sort((a, b) => a.order - b.order).find((s) => belongsTo(finding, s))
  const own = findings.filter((finding) => home(finding) === section)
  return [...new Set(own.flatMap((finding) => finding.sources))].filter((s) => !s.startsWith('evidence:'))
}
