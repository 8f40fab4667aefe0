import type { ModelLocation } from '../resolve/location.js'

/**
 * Whether a file may be a GGUF by its name. Most names may: a download cache names files by their hash, and the reader
 * says best what a file is instead.
 */
export function mayBeGguf(location: ModelLocation): boolean {
  return location.kind === 'file' && !/\.(json|safetensors)$/i.test(location.path)
}
