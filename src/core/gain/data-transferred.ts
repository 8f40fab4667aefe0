import type { Random } from '../random/index.js'
import { type Censored, DRAWS, type Drawn, examples, summarise, unknown } from './censored.js'
import { meanDrawer } from './draws.js'
import { clustersOn, type GainDesign, type Group, type Split } from './outcomes.js'
import { curveGroups, curveReach } from './reach.js'
import { fitTransferLaw, type TransferLaw, type TransferPoint, widenedLaw } from './transfer-law.js'

/** What pre-training is worth in training examples, size by size, and the law of it. */
export interface DataTransferred {
  /** At every size of the pre-trained arm: examples, or a bound. */
  readonly sizes: readonly (Censored & { readonly n: number })[]
  readonly law: TransferLaw
}

/**
 * Effective data transferred, D_T = n_scratch(score of the pre-trained arm at n) − n, by interpolation of the scratch arm's
 * curve: a bound where it never reaches that score, or has it at its first size. All sizes are read off one curve on the
 * same items, so they are drawn together, and the law is fitted anew to every draw.
 *
 * Source: Hernandez et al., arXiv:2102.01293, §2.
 */
export function dataTransferred(
  design: GainDesign,
  random: Random,
  level: number,
  split: Split = 'id',
): DataTransferred {
  const scratch = curveGroups(design, 'scratch', split)
  const pretrained = curveGroups(design, 'pretrained', split)
  const read = (mean: (group: Group) => number): Drawn[] =>
    pretrained.map((own) => {
      const reach = curveReach(scratch, mean, mean(own))
      return { ...examples(reach, true), value: reach.n - own.n }
    })
  if (scratch.length < 2)
    return {
      sizes: pretrained.map(({ n }) => ({
        n,
        ...unknown('two sizes or more of the scratch arm are needed'),
      })),
      law: fitTransferLaw([], level),
    }
  const draw = meanDrawer(design, [...pretrained, ...scratch])
  const draws = Array.from({ length: DRAWS }, () => {
    const means = draw(random)
    return read((g) => means.get(g) ?? g.mean)
  })
  const point = read((g) => g.mean)
  const clusters = clustersOn(design, split)
  const nothing =
    'scratch may have this score at its first size, or at none: the draws bound it from neither side'
  const sizes = pretrained.map(({ n }, i) => ({
    n,
    ...summarise(
      point[i],
      draws.map((d) => d[i]),
      'examples',
      clusters,
      level,
      nothing,
    ),
  }))
  const pointsOf = (values: readonly Drawn[]): TransferPoint[] =>
    values.flatMap(({ value, bound }, i) =>
      sizes[i].value.kind === 'estimate' && bound === null
        ? [{ fineTuned: sizes[i].n, params: 1, transferred: value }]
        : [],
    )
  const law = fitTransferLaw(pointsOf(point), level)
  return {
    sizes,
    law: widenedLaw(
      law,
      draws.map((d) => fitTransferLaw(pointsOf(d), level)),
      level,
    ),
  }
}
