/** Numbers that are mostly 0: where they are not, and what they are there. Shapes (k), (k). */
export interface Sparse {
  readonly indices: Int32Array
  readonly values: Float64Array
}

export function toSparse(dense: Float64Array): Sparse {
  let length = 0
  for (let i = 0; i < dense.length; i++) if (dense[i] !== 0) length++
  const indices = new Int32Array(length)
  const values = new Float64Array(length)
  for (let i = 0, k = 0; i < dense.length; i++) {
    if (dense[i] === 0) continue
    indices[k] = i
    values[k++] = dense[i]!
  }
  return { indices, values }
}

export function addSparse(dense: Float64Array, { indices, values }: Sparse): void {
  for (let k = 0; k < indices.length; k++) dense[indices[k]!]! += values[k]!
}
