import type { CorpusProfile } from '../../corpus/index.js'
import { escapeMarkdown } from '../../report/index.js'
import { sizeWords, summarise, wholeOf } from './profile-summary.js'
import { measured, percent } from './profile-text.js'

const SIZES: readonly (readonly [number, string])[] = [
  [1e3, 'n<1K'],
  [1e4, '1K<n<10K'],
  [1e5, '10K<n<100K'],
  [1e6, '100K<n<1M'],
  [1e7, '1M<n<10M'],
  [1e8, '10M<n<100M'],
  [1e9, '100M<n<1B'],
  [1e10, '1B<n<10B'],
  [1e11, '10B<n<100B'],
  [1e12, '100B<n<1T'],
]
const LEAST_LANGUAGE = 0.001

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/**
 * A data card in Markdown, with the head that Hugging Face's hub reads; what no program can know (where the text comes
 * from, its licence) stands there as a question.
 */
export function profileCard(profile: CorpusProfile): string {
  const { languages, domains, quality, lengths } = summarise(profile)
  const told = ({ share }: (typeof languages)[number]): string =>
    share.kind === 'estimate' ? measured(share) : 'not known'
  const named = languages.filter(
    ({ name, share }) => name !== 'und' && share.kind === 'estimate' && share.value >= LEAST_LANGUAGE,
  )
  const { documents, duplicates, sample } = profile
  const whole = wholeOf(profile, 'documents')
  const all = sample !== null && whole.kind === 'estimate' ? whole.value : documents
  const size = SIZES.find(([most]) => all < most)?.[1] ?? 'n>1T'
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [
    row(head),
    row(head.map(() => '---')),
    ...rows.map(row),
    '',
  ]
  const broken = quality.filter(({ amount }) => amount > 0)
  return [
    '---',
    'language:',
    ...named.map(({ name }) => `- ${name}`),
    'size_categories:',
    `- ${size}`,
    '---',
    '',
    '# Data card',
    '',
    `${sizeWords(profile)}. Measured by \`assay corpus profile\`.`,
    '',
    '**Source:** where does the text come from? **Licence:** under which terms? **Cleaning:** what was done to it?',
    '',
    '## Languages',
    '',
    ...table(
      ['language', 'of bytes'],
      languages.slice(0, 20).map((l) => [l.name, told(l)]),
    ),
    '## Domains',
    '',
    ...table(
      ['domain', 'of bytes'],
      domains.slice(0, 20).map((d) => [escapeMarkdown(d.name), told(d)]),
    ),
    '## Lengths',
    '',
    ...table(
      ['of documents', 'bytes at most'],
      lengths.map(({ quantile, bytes: most }) => [percent(quantile), most.toLocaleString('en-US')]),
    ),
    ...(sample === null
      ? [
          '## Duplicates',
          '',
          `${duplicates.documents.duplicates.toLocaleString('en-US')} documents are byte for byte like an earlier one${duplicates.near === null ? '' : `, ${duplicates.near.duplicates.toLocaleString('en-US')} more are much like one (Jaccard ≥ .8 of five-term shingles)`}; ${duplicates.paragraphs.duplicates.toLocaleString('en-US')} paragraphs of at least 64 bytes stand there before.`,
          '',
        ]
      : []),
    '## Signs of poor quality',
    '',
    ...table(
      ['a document has', 'of documents', 'source'],
      broken.map((rule) => [rule.title, told(rule), rule.source]),
    ),
    ...(Object.keys(profile.states.targets.counts).length === 0
      ? []
      : ['Coverage of targets: see the report.', '']),
  ].join('\n')
}
