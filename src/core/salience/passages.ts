import type { Span } from '../evidence/index.js'
import { strongest } from './reading.js'

/** A stretch of text as it is shown, with the salience that colours it, from −1 to 1. */
export interface PassagePiece {
  readonly text: string
  readonly weight: number
}

/** Characters of the surroundings on either side of a salient span. */
const AROUND = 60

/**
 * The most salient spans in the text around them: those of one document together, documents by their strongest span.
 *
 * @param spans    in the order of the text within each document
 * @param texts    text of each span; null, or no entry, where it is not at hand. Shape (spans)
 * @param salience −1 to 1, 0 where none is told. Shape (spans)
 * @param most     spans that are shown, at most
 */
export function salientPassages(
  spans: readonly Span[],
  texts: readonly (string | null)[],
  salience: ArrayLike<number>,
  most: number,
): PassagePiece[] {
  const taken = strongest(salience, most, (u) => (texts[u] ?? null) !== null)
  const documents = new Map<string, number[]>()
  for (const u of taken) {
    const name = `${spans[u].domain} · ${spans[u].document}`
    documents.set(name, [...(documents.get(name) ?? []), u])
  }
  const shown = new Set(taken)
  return [...documents].flatMap(([name, own], i) => {
    const isNear = (v: number): boolean =>
      spans[v]?.document === spans[own[0]].document && spans[v].domain === spans[own[0]].domain
    const near = new Set(own.flatMap((u) => [u - 1, u, u + 1]).filter(isNear))
    const pieces = [...near]
      .sort((a, b) => a - b)
      .map((v) => ({
        text: (near.has(v - 1) || v === Math.min(...near) ? '' : '\n') + cut(texts[v] ?? '', shown, v),
        weight: salience[v],
      }))
    return [{ text: `${i === 0 ? '' : '\n\n'}${name}\n`, weight: 0 }, ...pieces]
  })
}

/** A span as it is shown: whole where it is salient, else the ends that lie by salient ones. */
function cut(text: string, shown: ReadonlySet<number>, v: number): string {
  if (shown.has(v)) return text
  const characters = [...text]
  const [after, before] = [shown.has(v - 1), shown.has(v + 1)]
  if (characters.length <= AROUND * (Number(after) + Number(before))) return text
  const head = after ? `${characters.slice(0, AROUND).join('')} ` : ''
  const tail = before ? ` ${characters.slice(-AROUND).join('')}` : ''
  return `${head}…${tail}`
}
