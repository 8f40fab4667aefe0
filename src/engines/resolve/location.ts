/** Where a model is once its reference is resolved (and downloaded): what engines are asked to open. */
export type ModelLocation =
  | { readonly kind: 'file'; readonly path: string }
  /** `name` where the path does not tell it: a folder in the cache. */
  | { readonly kind: 'folder'; readonly path: string; readonly name?: string }
  | { readonly kind: 'server'; readonly url: string }

/** A location as people name it, for the place of an error. */
export function nameOf(location: ModelLocation): string {
  return location.kind === 'server' ? location.url : location.path
}
