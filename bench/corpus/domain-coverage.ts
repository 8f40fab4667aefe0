/**
 * Writes docs/validation/domain-coverage.md: whether `domain-coverage` names the domain that a run of the ladder did not read,
 * or read little of, and none of a run that read all; and whether the text that is said to halve what the domain is behind does.
 *
 *   npx tsx bench/corpus/domain-coverage.ts
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRandom, dataExponent, type EvaluationRow } from '../../src/core/index.js'
import { type CoveredDomain, domainExcess, needOf } from '../../src/probes/domain-coverage/index.js'

const LEVEL = 0.95
const root = process.env.LADDER_ROOT ?? 'ladder'

interface Run {
  readonly id: string
  readonly group: string
  readonly size: string
  readonly seed: number
  readonly parameters: number
  readonly tokens: number
  readonly heldOutLoss: number
  /** Domain → share of its documents that the run could read; null: all of all. */
  readonly mix: Readonly<Record<string, number>> | null
  readonly tokensByDomain: Readonly<Record<string, number>>
  readonly heldOutByDomain?: Readonly<Record<string, { readonly bitsPerByte: number }>>
}

function readRuns(): Run[] {
  const folder = join(root, 'runs')
  const ids = existsSync(folder) ? readdirSync(folder).sort() : []
  return ids
    .map((id) => join(folder, id, 'run.json'))
    .filter((path) => existsSync(path))
    .map((path) => JSON.parse(readFileSync(path, 'utf8')) as Run)
    .filter((run) => run.heldOutByDomain !== undefined && Number.isFinite(run.heldOutLoss))
}

const PAGE = 'docs/validation/domain-coverage.md'
const lines: string[] = []
const say = (line: string): void => {
  lines.push(line)
}

const runs = readRuns()
const whole = runs.filter((run) => run.mix === null && ['ladder', 'seeds'].includes(run.group))
const left = runs.filter((run) => Object.keys(run.mix ?? {}).length === 1)

/** What a run is held against: runs that read all, itself left out. */
function coveredOf(run: Run): CoveredDomain[] {
  return Object.entries(run.heldOutByDomain ?? {}).map(([domain, { bitsPerByte }]) => ({
    domain,
    bytes: run.tokensByDomain[domain] ?? 0,
    unseenWords: null,
    against: new Map(
      whole
        .filter((other) => other !== run)
        .flatMap((other) => {
          const its = other.heldOutByDomain?.[domain]?.bitsPerByte
          return its === undefined
            ? []
            : [[other.id, { value: Math.log(bitsPerByte / its), variance: 0 }] as const]
        }),
    ),
  }))
}

const judge = (run: Run) => domainExcess(coveredOf(run), LEVEL)
const named = (run: Run): string[] => judge(run).flatMap((d) => (d.lacks && d.isHigh ? [d.domain] : []))
const count = (list: readonly Run[], isRight: (run: Run) => boolean): string =>
  list.length === 0 ? 'no run is trained yet' : `${list.filter(isRight).length} of ${list.length}`

const millions = (tokens: number): string => (tokens / 1e6).toFixed(3)
const domainOf = (run: Run): string => Object.keys(run.mix ?? {})[0] ?? ''
const shareOf = (run: Run): number => Object.values(run.mix ?? {})[0] ?? 1

say(
  `| intact, other seeds, sizes and lengths: none named | ${count(whole, (run) => named(run).length === 0)} | 9 of 10 |`,
)
for (const share of [0, 0.1]) {
  const own = left.filter((run) => shareOf(run) === share)
  const isNamed = (run: Run): boolean => named(run).join() === domainOf(run)
  say(
    `| ${share === 0 ? 'nothing' : 'a tenth'} of one domain: that domain named and no other | ${count(own, isNamed)} | 8 of 10 |`,
  )
  for (const run of own.filter((r) => !isNamed(r))) {
    const it = judge(run).find((d) => d.domain === domainOf(run))
    say(`| …of these \`${run.id}\`: named ${named(run).join() || 'none'} | ${JSON.stringify(it?.excess)} | |`)
  }
}

const rows = whole.map(
  (run) =>
    ({ model: run.id, params: run.parameters, tokens: run.tokens, loss: run.heldOutLoss }) as EvaluationRow,
)
const alpha = dataExponent(rows, LEVEL)
say('')
say(
  `Held-out loss falls with data by the power ${alpha.low.toFixed(3)} to ${alpha.high.toFixed(3)} (${alpha.runs} runs). How much text of the domain would halve what it is behind, in millions of tokens, judged on runs that read a tenth, and where there are any three and six tenths of it:`,
)
say('')
say('| domain | said, 95 % interval | the runs halve it between | |')
say('|---|---|---|---|')
for (const without of left.filter((run) => shareOf(run) === 0)) {
  const domain = domainOf(without)
  const judged = judge(without)
  const it = judged.find((d) => d.domain === domain)
  if (it?.lacks !== true || it.isHigh !== true || it.log === null) continue
  const others = judged.flatMap((d) => (d.lacks === false && d.bytes !== null ? [d.bytes] : []))
  const { half } = needOf(it, others, alpha, { random: createRandom(1), level: LEVEL })
  const target = it.log.value / 2
  const further = left
    .filter((run) => domainOf(run) === domain && run !== without && run.size === without.size)
    .map((run) => ({
      amount: run.tokensByDomain[domain] ?? 0,
      value: judge(run).find((d) => d.domain === domain)?.log?.value ?? Number.NaN,
    }))
    .sort((a, b) => a.amount - b.amount)
  const after = further.find((run) => run.value <= target)
  const before = further.filter((run) => run.value > target).at(-1)
  const holds =
    half.kind === 'estimate' &&
    half.interval.high * 1e6 >= (before?.amount ?? 0) &&
    half.interval.low * 1e6 <= (after?.amount ?? Number.POSITIVE_INFINITY)
  const said =
    half.kind === 'estimate'
      ? `${half.value.toFixed(3)} [${half.interval.low.toFixed(3)}, ${half.interval.high.toFixed(3)}]`
      : half.reason
  say(
    `| ${domain} | ${said} | ${millions(before?.amount ?? 0)} and ${after === undefined ? 'more than was tried' : millions(after.amount)} | ${further.length < 2 ? 'one further amount: too few' : holds ? 'holds' : 'does not hold'} |`,
  )
}

writeFileSync(
  PAGE,
  `# Domains that a corpus lacks, on the reference ladder

Written by \`npx tsx bench/corpus/domain-coverage.ts\` from the held-out losses of ${runs.length} runs (\`ladder/runs/*/run.json\`). A run is held against all
intact ones but itself. Methods: [corpus.md](../methods/corpus.md#domain-coverage).

| runs | right | bar |
|---|---|---|
${lines.join('\n')}
`,
)
