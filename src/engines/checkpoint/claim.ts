import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ModelLocation } from '../resolve/location.js'

/** Whether a folder holds a model of its own, which an adapter does not. */
export function isCheckpoint(location: ModelLocation): boolean {
  return (
    location.kind === 'folder' &&
    existsSync(join(location.path, 'config.json')) &&
    !existsSync(join(location.path, 'adapter_config.json'))
  )
}
