/**
 * Work through items with as many under way as the scorer serves side by side. After a failure no new item is begun; those
 * under way end first, so that what they journal is kept, and the first failure is thrown.
 */
export async function inLanes<T>(
  items: Iterable<T>,
  lanes: number | undefined,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  let failure: { readonly error: unknown } | undefined
  const lane = async (): Promise<void> => {
    for (let next = queue.next(); !next.done && failure === undefined; next = queue.next())
      try {
        await work(next.value)
      } catch (error) {
        failure ??= { error }
      }
  }
  await Promise.all(Array.from({ length: lanes ?? 1 }, lane))
  if (failure !== undefined) throw failure.error
}
