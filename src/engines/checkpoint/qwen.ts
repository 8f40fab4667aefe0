import type { CheckpointConfig } from './config.js'

/** Qwen's config files name a sliding window also where none is used. */
export function qwenWindow(config: CheckpointConfig): number | undefined {
  return config.flag('use_sliding_window', false) ? config.optionalCount('sliding_window') : undefined
}
