import { formatPlace, median, type Place, type SalienceModel } from '../../core/index.js'

/**
 * Models that lose the same on every span are one under two names: apart, each would tell the other's score.
 *
 * @param isSame whether the models at two positions do
 */
export function withCopies(
  models: readonly SalienceModel[],
  isSame: (a: number, b: number) => boolean,
): { named: SalienceModel[]; notes: string[] } {
  const notes: string[] = []
  const joined = new Map<string, string>()
  const familyOf = (family: string): string => {
    const other = joined.get(family)
    return other === undefined ? family : familyOf(other)
  }
  models.forEach((model, m) => {
    const first = models.findIndex((_, other) => other === m || isSame(other, m))
    if (familyOf(models[first].family) === familyOf(model.family)) return
    joined.set(familyOf(model.family), familyOf(models[first].family))
    notes.push(
      `${model.id} loses the same as ${models[first].id} on every span: their families are taken as one`,
    )
  })
  return { named: models.map((m) => ({ ...m, family: familyOf(m.family) })), notes }
}

/** Bits/byte of a reader that takes every byte for as likely as any other. */
const KNOWS_NOTHING = 8
/** How far a model's mean loss may lie from the middle one's before another unit is likelier than another model. */
const MOST_APART = 4
const MOST_NAMED = 3

/** Models that lose more than guessing does, or far more or less than the others: a run gone ill, or another unit. */
export function oddUnits(
  models: readonly { readonly id: string; readonly mean: number; readonly place: Place }[],
): string[] {
  const middle = median(models.map((m) => m.mean))
  const odd = models.filter(
    ({ mean }) => mean > KNOWS_NOTHING || mean > MOST_APART * middle || mean < middle / MOST_APART,
  )
  if (odd.length === 0) return []
  const named = odd
    .slice(0, MOST_NAMED)
    .map(({ id, mean, place }) => `${id} ${Number(mean.toPrecision(3))} (from ${formatPlace(place)})`)
  return [
    `${odd.length} of ${models.length} models lose over ${KNOWS_NOTHING} bits/byte, as guessing every byte does, or over ${MOST_APART} times more or less than the middle one (${middle.toFixed(2)}): another unit than bits/byte, or a run gone ill? ${named.join(', ')}${odd.length > MOST_NAMED ? ' …' : ''}`,
  ]
}
