import type { CleanItems, Conclusions, EvidenceByKind, ItemInCorpus, JudgeContext } from '../core/index.js'
import { contamination } from '../probes/index.js'

/** What a table of `corpus contamination` tells of what was measured. */
export type Known = CleanItems & { readonly rows: readonly ItemInCorpus[] }

/** The evidence of a table, for probes that say what was measured on text that was read; nothing where no table was given. */
export function evidenceOf(known: Known | undefined): Partial<Pick<EvidenceByKind, 'contamination'>> {
  return known === undefined ? {} : { contamination: { items: known.rows } }
}

/** Conclusions with every figure on the clean part beside the same on all; as they are where no table was given. */
export function withCleanPart(
  judged: Conclusions,
  known: Known | undefined,
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
