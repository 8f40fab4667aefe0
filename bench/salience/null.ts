import { createRandom } from '../../src/core/random/index.js'
import { analyseCapabilities, salienceData } from '../../src/core/salience/index.js'

/**
 * How often a gain is claimed where there is none: the score depends on the level of the losses alone.
 *
 *     npx tsx bench/salience/null.ts [TABLES] [MODELS]
 */

const tables = Number(process.argv[2] ?? 1000)
const models = Number(process.argv[3] ?? 24)
const LEVEL = 0.9
let claims = 0
for (let seed = 0; seed < tables; seed++) {
  const random = createRandom(seed)
  const levels = Array.from({ length: models }, () => 1 + 0.2 * random.normal())
  const data = salienceData({
    models: levels.map((_, m) => ({ id: `m${m}`, family: `f${m >> 1}`, params: null, tokens: null })),
    spans: Array.from({ length: 100 }, (_, u) => ({ document: `${u}`, domain: '', bytes: null })),
    losses: levels.map((level) => Float64Array.from({ length: 100 }, () => level + 0.05 * random.normal())),
  })
  const isCurved = seed % 2 === 1
  const y = Float64Array.from(levels, (level) => {
    const signal = isCurved ? 0.25 + 0.6 / (1 + Math.exp(8 * (level - 1))) : 0.9 - 0.3 * level
    return signal + 0.01 * random.normal()
  })
  const input = { name: 'score', y, isLog: false, lowerIsBetter: false }
  const request = { level: LEVEL, skillAt: [], repeats: 0 }
  const [{ gainOverMean }] = analyseCapabilities(data, [input], request, random.derive('analysis'))
  if (gainOverMean.kind === 'estimate' && gainOverMean.interval.low > 0) claims++
  if ((seed + 1) % 50 === 0) console.error(`${seed + 1} tables, ${claims} claims`)
}
const share = claims / tables
const half = 1.96 * Math.sqrt((share * (1 - share)) / tables)
console.log(
  `A gain claimed in ${claims} of ${tables} tables without one: ${share.toFixed(3)} ± ${half.toFixed(3)} (nominal ${((1 - LEVEL) / 2).toFixed(3)})`,
)
