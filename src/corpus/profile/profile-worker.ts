import type { Gatherer } from '../job/gathering.js'
import { createProfiler, type ProfileSetup } from './gatherer.js'
import { loadDetector } from './language.js'
import type { Profiled } from './profiled.js'

await loadDetector()

/** The gatherer of one profiling thread. */
export function createGatherer(setup: unknown): Gatherer<Profiled> {
  return createProfiler(setup as ProfileSetup)
}
