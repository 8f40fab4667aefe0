import { serveUnits } from '../job/serve-units.js'
import { createProfiler, type ProfileSetup } from './gatherer.js'
import { loadDetector } from './language.js'

await loadDetector()
serveUnits<ProfileSetup>(createProfiler)
