import {
  defineProbe,
  type Estimate,
  exact,
  type Finding,
  type Metric,
  notEstimable,
} from '../../core/index.js'
import { gini, measureTexts, RENYI_ALPHA, type TextEfficiency, usedTypes } from './measures.js'

export { measureTexts, type TextEfficiency, usedTypes } from './measures.js'

const PROBE = 'tokenizer-efficiency'
/** A language that takes this many times the pivot's tokens for the same sentences is pointed out. */
const DEAR_LANGUAGE = 3
/** Share of a text's tokens that stand for raw bytes or "unknown" above which it is pointed out. */
const HIGH_FALLBACK = 0.05

function textFindings(texts: readonly TextEfficiency[]): Finding[] {
  const findings: Finding[] = []
  const dear = texts.filter((t) => t.parity?.kind === 'estimate' && t.parity.interval.low > DEAR_LANGUAGE)
  const fallen = texts.filter(
    (t) => t.fallbackRate.kind === 'estimate' && t.fallbackRate.interval.low > HIGH_FALLBACK,
  )
  if (dear.length > 0)
    findings.push({
      probe: PROBE,
      code: 'tokenizer-efficiency/dear-language',
      status: 'warn',
      title: `${dear.length} language${dear.length === 1 ? ' takes' : 's take'} more than ${DEAR_LANGUAGE} times the tokens of English for the same sentences`,
      action: `Do not build on this tokenizer for ${dear.map((t) => t.name).join(', ')}: extend the vocabulary, or choose a base model trained for them.`,
      sources: ['Petrov et al., arXiv:2305.15425', 'evidence: tokenizer'],
    })
  if (fallen.length > 0)
    findings.push({
      probe: PROBE,
      code: 'tokenizer-efficiency/byte-fallback',
      status: 'warn',
      title: `${fallen.length} text${fallen.length === 1 ? ' falls' : 's fall'} back to raw bytes or unknown tokens in more than ${100 * HIGH_FALLBACK} % of tokens`,
      action: `Check what ${fallen.map((t) => t.name).join(', ')} holds; a vocabulary with these characters would shorten it.`,
      sources: ['METHODS §7', 'evidence: tokenizer'],
    })
  if (findings.length === 0)
    findings.push({
      probe: PROBE,
      code: 'tokenizer-efficiency/measured',
      status: 'pass',
      title: 'The tokenizer serves every text that was tried without a warning',
      sources: ['METHODS §7', 'evidence: tokenizer'],
    })
  return findings
}

/** Spread of tokens per sentence over parallel languages: 0 = every language costs the same. */
function languageGini(texts: readonly TextEfficiency[]): Estimate {
  const parities = texts.flatMap((t) => (t.parity?.kind === 'estimate' ? [t.parity.value] : []))
  const value = parities.length < 2 ? null : gini(parities)
  return value === null
    ? notEstimable('no parallel text in two languages or more')
    : exact(value, 'Gini', parities.length)
}

/** How well does the tokenizer serve the texts and languages at hand? */
export const tokenizerEfficiency = defineProbe({
  id: PROBE,
  title: 'The tokenizer serves these texts well',
  failureTitle: 'The tokenizer serves some texts badly',
  needs: ['tokenizer'],
  sources: [
    'METHODS §7',
    'Zouhar et al. 2023 (Rényi efficiency)',
    'Petrov et al., arXiv:2305.15425 (parity)',
  ],
  judge: ({ tokenizer }, { random, level }) => {
    const texts = measureTexts(tokenizer, random, level)
    const { size, unreachable, partialUtf8, special } = tokenizer.vocabulary
    const used = usedTypes(tokenizer)
    const spread = languageGini(texts)
    const plain = texts.filter((t) => t.parity === undefined)
    const parallel = texts.filter((t) => t.parity !== undefined)
    const metrics: Metric[] = texts.flatMap((t) => [
      {
        id: `${PROBE}.bytes-per-token.${t.name}`,
        title: `Bytes per token on ${t.name}`,
        estimate: t.bytesPerToken,
        better: 'higher' as const,
      },
      ...(t.parity === undefined
        ? []
        : [
            {
              id: `${PROBE}.parity.${t.name}`,
              title: `Tokens against English, ${t.name}`,
              estimate: t.parity,
              better: 'lower' as const,
            },
          ]),
    ])
    metrics.push({ id: `${PROBE}.gini`, title: 'Inequality of languages', estimate: spread, better: 'lower' })
    const dearest = parallel.reduce<TextEfficiency | undefined>(
      (worst, t) =>
        t.parity?.kind === 'estimate' &&
        (worst?.parity?.kind !== 'estimate' || t.parity.value > worst.parity.value)
          ? t
          : worst,
      undefined,
    )
    const english = plain.flatMap((t) => (t.bytesPerToken.kind === 'estimate' ? [t.bytesPerToken.value] : []))
    const answer = [
      english.length > 0
        ? `A token carries ${Math.min(...english).toFixed(1)} to ${Math.max(...english).toFixed(1)} bytes of the domains' text.`
        : '',
      dearest?.parity?.kind === 'estimate'
        ? `The dearest language, ${dearest.name}, takes ${dearest.parity.value.toFixed(1)} times the tokens of English.`
        : '',
    ]
      .filter((s) => s !== '')
      .join(' ')
    return {
      findings: textFindings(texts),
      metrics,
      sections: [
        {
          id: PROBE,
          order: 20,
          question: 'How well does its tokenizer serve the text?',
          answer: answer === '' ? 'Not measured: there was no text.' : answer,
          charts: [
            {
              kind: 'dots',
              caption: 'Bytes that one token carries, by text',
              x: { label: 'bytes per token (more is better)', unit: 'bytes/token' },
              rows: plain.map((t) => ({ label: t.name, estimate: t.bytesPerToken })),
            },
            {
              kind: 'dots',
              caption:
                dearest === undefined
                  ? 'Tokens for the same sentences, against English'
                  : `${dearest.name} pays most for the same sentences`,
              x: { label: 'tokens ÷ tokens of English', unit: 'ratio', scale: 'log' },
              rows: parallel.flatMap((t) =>
                t.parity === undefined ? [] : [{ label: t.name, estimate: t.parity }],
              ),
              reference: [{ value: 1, label: 'English' }],
            },
          ].filter((chart) => chart.rows.length > 0) as [],
          tables: [
            {
              title: 'Tokenizer efficiency by text',
              columns: [
                'text',
                'bytes/token',
                'tokens/word',
                'continued words',
                'byte fallback',
                `Rényi efficiency (α = ${RENYI_ALPHA})`,
                'parity to English',
              ],
              rows: texts.map((t) => [
                t.name,
                t.bytesPerToken,
                t.fertility,
                t.continuedWords,
                t.fallbackRate,
                t.renyiEfficiency,
                t.parity ?? null,
              ]),
            },
            {
              title: 'Vocabulary',
              columns: [
                'tokens',
                'seen in these texts',
                'unreachable',
                'partial UTF-8',
                'control and unused',
              ],
              rows: [[size, used, unreachable.length, partialUtf8.length, special]],
            },
          ],
          protocol: [
            "The model's own tokenizer, without BOS and without parsing special-token text.",
            'Parity: tokens on line-aligned parallel sentences, bootstrap over sentences. Languages without spaces have no meaningful tokens per word.',
            'Unreachable: ordinary tokens that encode(decode(id)) does not give back as one token.',
          ],
        },
      ],
    }
  },
})
