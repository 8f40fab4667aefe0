import type { AskedItem, Conclusions, EvidenceByKind, JudgeContext } from '../core/index.js'
import { type KnownItems, readCleanItems } from '../ingest/index.js'
import { contamination } from '../probes/index.js'

/** What a table of `corpus contamination` tells, to be asked once it is known what is to be measured; nothing where none was given. */
export async function readTable(
  path: string | undefined,
): Promise<((asked: readonly AskedItem[]) => KnownItems) | undefined> {
  return path === undefined ? undefined : await readCleanItems(path)
}

/** The evidence of a table, for probes that say what was measured on text that was read; nothing where no table was given. */
export function evidenceOf(known: KnownItems | undefined): Partial<Pick<EvidenceByKind, 'contamination'>> {
  return known === undefined ? {} : { contamination: { items: known.rows } }
}

/** Conclusions with every figure on the clean part beside the same on all; as they are where no table was given. */
export function withCleanPart(
  judged: Conclusions,
  known: KnownItems | undefined,
  measured: Partial<Pick<EvidenceByKind, 'surprisal' | 'choices' | 'answers'>>,
  context: JudgeContext,
): Conclusions {
  if (known === undefined) return judged
  const clean = contamination.judge({ ...measured, ...evidenceOf(known) }, context)
  return {
    findings: [...clean.findings, ...judged.findings],
    metrics: [...judged.metrics, ...clean.metrics],
    sections: [...judged.sections, ...clean.sections],
  }
}
