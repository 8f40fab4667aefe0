import type { Gatherer } from '../job/gathering.js'
import { createProfiler, type ProfileSetup } from './gatherer.js'
import type { Profiled } from './profiled.js'

/** The gatherer of one profiling thread. */
export function createGatherer(setup: unknown): Gatherer<Profiled> {
  return createProfiler(setup as ProfileSetup)
}
