import type { SalienceModel } from '../../core/index.js'

/** `step9` and `9` are one checkpoint: tables of losses and of scores spell it differently. */
export function checkpointName(text: string): string {
  return /^(?:step|checkpoint|iter)?[-_ ]?(\d+)$/i.exec(text.trim())?.[1] ?? text.trim()
}

/** Name of a model, or of one checkpoint of it. */
export function modelId(model: string, checkpoint: string): string {
  return checkpoint === '' ? model : `${model}@${checkpointName(checkpoint)}`
}

/**
 * Family that a column's name tells: the first of a printed pair, `('pythia', 'EleutherAI/pythia-70m')`, else the owner
 * before the slash, else the name itself.
 */
export function familyInName(name: string): string {
  const pair = /^\(\s*(['"])(.*?)\1\s*,/.exec(name)
  if (pair !== null) return pair[2]
  const slash = name.indexOf('/')
  return slash > 0 ? name.slice(0, slash) : name
}

/** What is known of models beside what a table of losses tells. */
export interface KnownModels {
  /** Family by model (or model@checkpoint); what is not named keeps the family that the table tells. */
  readonly families: ReadonlyMap<string, string>
  /** What else is known of a model (or model@checkpoint), where the table does not tell. */
  readonly facts?: ReadonlyMap<string, Partial<Pick<SalienceModel, 'family' | 'params' | 'tokens'>>>
}

/** A model of a table, whose family may be told there: one of the model's own name is what stands where nobody tells one. */
export function knownModel(
  name: string,
  checkpoint: string,
  { families, facts }: KnownModels,
  told: { readonly family: string; readonly params?: number | null; readonly tokens?: number | null },
): SalienceModel {
  const id = modelId(name, checkpoint)
  const known = facts?.get(id)
  return {
    id,
    family:
      families.get(id) ??
      families.get(name) ??
      (told.family === name ? (known?.family ?? name) : told.family),
    params: told.params ?? known?.params ?? null,
    tokens: told.tokens ?? known?.tokens ?? null,
  }
}
