import { declarationFor, type MetricDeclaration, patternPrefix } from '../../core/index.js'
import { listed } from '../../core/text/counted.js'
import { nearest } from './nearest.js'

/** What the `*` of patterns can be in one audit, by what it names (`domain`, …); kinds that nobody knows are absent. */
export type KnownParts = ReadonlyMap<string, readonly string[]>

const SHOWN = 12

/** `held-out-loss.domain.*` → `held-out-loss.domain.<domain>` */
function shape({ id, part }: MetricDeclaration): string {
  const prefix = patternPrefix(id)
  return prefix === undefined ? id : `${prefix}<${part ?? 'name'}>`
}

/** Every id that a gate of this audit may name, as far as the parts are known. */
function idsOf(declared: readonly MetricDeclaration[], parts: KnownParts): string[] {
  return declared.flatMap(({ id, part }) => {
    const prefix = patternPrefix(id)
    return prefix === undefined ? [id] : (parts.get(part ?? '') ?? []).map((name) => prefix + name)
  })
}

/** Why a gate cannot name this metric, with the nearest that it can; undefined where it can. */
export function metricProblem(
  id: string,
  declared: readonly MetricDeclaration[],
  parts: KnownParts,
): string | undefined {
  const found = declarationFor(declared, id)
  if (found === undefined) {
    const meant = nearest(id, idsOf(declared, parts))
    const probe = id.split('.')[0]
    const own = declared.filter((d) => d.id.startsWith(`${probe}.`))
    const probes = [...new Set(declared.map((d) => d.id.split('.')[0]))]
    const known =
      own.length > 0
        ? `${probe} measures ${listed(own.map(shape), SHOWN)}`
        : `the probes that measure something are ${listed(probes, SHOWN)}`
    return `no probe measures "${id}"; ${meant === undefined ? known : `did you mean "${meant}"?`}`
  }
  const { declaration, part } = found
  const names = parts.get(declaration.part ?? '')
  if (part === undefined || names === undefined || names.includes(part)) return undefined
  const meant = nearest(part, names)
  const hint = meant === undefined ? '' : ` Did you mean "${id.slice(0, -part.length)}${meant}"?`
  return `"${id}": this audit has no ${declaration.part} "${part}"; it has ${names.length === 0 ? 'none' : listed(names, SHOWN)}.${hint}`
}
