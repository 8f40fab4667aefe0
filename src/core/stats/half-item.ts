/**
 * Variance of half an item on which two models differ and that nobody asked, so that models that agree on every item are not
 * certain to agree on others.
 *
 * @param weight of one item in the mean, 1/n
 */
export const halfItemVariance = (weight: number): number => 0.5 * weight ** 2
