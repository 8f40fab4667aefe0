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
