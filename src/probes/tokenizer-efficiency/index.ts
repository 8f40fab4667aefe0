import {
  defineProbe,
  type Finding,
  type Measurement,
  notEstimable,
  RENYI_ALPHAS,
  standsOut,
} from '../../core/index.js'
import { measureInequality, measureTexts, type TextEfficiency, usedTypes } from './measures.js'
import { METRICS } from './metrics.js'

export { measureTexts, usedTypes } from './measures.js'

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
      sources: ['docs/methods/tokenizer.md#parity', 'Petrov et al., arXiv:2305.15425', 'evidence: tokenizer'],
    })
  if (fallen.length > 0)
    findings.push({
      probe: PROBE,
      code: 'tokenizer-efficiency/byte-fallback',
      status: 'warn',
      title: `${fallen.length} text${fallen.length === 1 ? ' falls' : 's fall'} back to raw bytes or unknown tokens in more than ${100 * HIGH_FALLBACK} % of tokens`,
      action: `Check what ${fallen.map((t) => t.name).join(', ')} holds; a vocabulary with these characters would shorten it.`,
      sources: ['docs/methods/tokenizer.md#efficiency', 'evidence: tokenizer'],
    })
  if (findings.length === 0)
    findings.push({
      probe: PROBE,
      code: 'tokenizer-efficiency/measured',
      status: 'pass',
      title: 'The tokenizer serves every text that was tried without a warning',
      sources: ['docs/methods/tokenizer.md', 'evidence: tokenizer'],
    })
  return findings
}

/** How well does the tokenizer serve the texts and languages at hand? */
export const tokenizerEfficiency = defineProbe({
  id: PROBE,
  title: 'The tokenizer serves these texts well',
  failureTitle: 'The tokenizer serves some texts badly',
  needs: ['tokenizer'],
  sources: [
    'docs/methods/tokenizer.md',
    'Zouhar et al. 2023 (Rényi efficiency)',
    'Petrov et al., arXiv:2305.15425 (parity)',
  ],
  metrics: METRICS,
  judge: ({ tokenizer }, { random, level }) => {
    const texts = measureTexts(tokenizer, random, level)
    const { size, unreachable, partialUtf8, special } = tokenizer.vocabulary
    const used = usedTypes(tokenizer)
    const spread = measureInequality(tokenizer, random.derive('gini'), level)
    const plain = texts.filter((t) => t.parity === undefined)
    const parallel = texts.filter((t) => t.parity !== undefined)
    const metrics: Measurement[] = [
      ...texts.flatMap((t) => [
        { metric: `${PROBE}.bytes-per-token.*`, part: t.name, estimate: t.bytesPerToken },
        ...(t.parity === undefined
          ? []
          : [{ metric: `${PROBE}.parity.*`, part: t.name, estimate: t.parity }]),
      ]),
      { metric: `${PROBE}.gini`, estimate: spread },
    ]
    const dearest = standsOut(parallel, (t) => t.parity ?? notEstimable('no parallel text'), 'highest')
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
          inShort:
            english.length > 0
              ? `${Math.min(...english).toFixed(1)} to ${Math.max(...english).toFixed(1)} bytes a token`
              : 'not measured',
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
                  ? 'Tokens for the same sentences, against English: no language stands out'
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
                ...RENYI_ALPHAS.map((alpha) => `Rényi efficiency (α = ${alpha})`),
                'parity to English',
              ],
              rows: texts.map((t) => [
                t.name,
                t.bytesPerToken,
                t.fertility,
                t.continuedWords,
                t.fallbackRate,
                ...t.renyiEfficiency,
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
            'Intervals: bootstrap over blocks of about 2 kB, or over sentences where the text is parallel. Languages without spaces have no meaningful tokens per word.',
            'Rényi efficiency describes these very tokens and depends on how long the text is: compare it on the same text only, so it has no interval.',
            'Parity: tokens on line-aligned parallel sentences.',
            'Unreachable: ordinary tokens that encode(decode(id)) does not give back as one token.',
          ],
        },
      ],
    }
  },
})
