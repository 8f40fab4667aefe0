import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where downloads are kept: `$ASSAY_CACHE`, `$XDG_CACHE_HOME/assay`, `%LOCALAPPDATA%\assay`, or `~/.cache/assay`. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.ASSAY_CACHE) return env.ASSAY_CACHE
  if (env.XDG_CACHE_HOME) return join(env.XDG_CACHE_HOME, 'assay')
  if (process.platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'assay')
  return join(homedir(), '.cache', 'assay')
}
