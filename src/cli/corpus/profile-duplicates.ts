import {
  type Estimate,
  estimateToJson,
  exact,
  type Finding,
  notEstimable,
  type Section,
  type Series,
} from '../../core/index.js'
import { counted } from '../../core/text/counted.js'
import type { CorpusProfile } from '../../corpus/index.js'
import { clip, METHOD, PROBE, percent } from './profile-text.js'

type Duplicates = CorpusProfile['duplicates']
type Sample = CorpusProfile['sample']

const OF_A_SAMPLE =
  'the second of two equal texts is mostly not in a sample: read the whole corpus for the share of duplicates'

/** Of bytes in documents that are there before: more than this is worth a look. */
const MANY = 0.05

/** A share that was counted; of a sample, nobody knows it. */
function shareOf(part: number, whole: number, n: number, sample: Sample): Estimate {
  if (sample !== null) return notEstimable(OF_A_SAMPLE)
  return whole === 0 ? notEstimable('there are no such texts') : exact(part / whole, 'share', n)
}

interface Counted {
  readonly duplicates: number
  readonly duplicateBytes: number
}

function toJson(
  repeats: Counted & { readonly histogram: object },
  bytes: number,
  texts: number,
  worst: object,
  sample: Sample,
): object {
  const { duplicates, duplicateBytes, histogram } = repeats
  return {
    texts,
    duplicates,
    share: estimateToJson(shareOf(duplicates, texts, texts, sample)),
    byteShare: estimateToJson(shareOf(duplicateBytes, bytes, texts, sample)),
    histogram,
    worst,
  }
}

/** The field `duplicates` of the JSON document: bytes are shares of all text; `near` is null where it was left out. */
export function duplicatesJson({ documents, paragraphs, near }: Duplicates, sample: Sample): object {
  const { bytes } = documents
  return {
    exact: {
      documents: toJson(documents, bytes, documents.texts, documents.examples, sample),
      paragraphs: toJson(paragraphs, bytes, paragraphs.texts, paragraphs.examples, sample),
    },
    near:
      near === null
        ? null
        : { ...toJson(near, bytes, near.documents, near.examples, sample), candidates: near.candidates },
  }
}

function finding(
  code: string,
  repeats: Counted,
  bytes: number,
  n: number,
  what: string,
  action: string,
): Finding {
  const estimate = shareOf(repeats.duplicateBytes, bytes, n, null)
  const known = estimate.kind === 'estimate'
  const many = known && estimate.value > MANY
  return {
    probe: PROBE,
    code,
    status: known ? (many ? 'warn' : 'pass') : 'insufficient',
    title: known
      ? `${percent(estimate.value)} of the text stands in documents ${what} (${repeats.duplicates.toLocaleString('en-US')} of ${counted(n, 'document')})`
      : `No document has text that could stand in one ${what}`,
    estimate,
    ...(many ? { action } : {}),
    sources: [METHOD, 'Lee et al., arXiv:2107.06499'],
  }
}

export function duplicateFindings({ documents, near }: Duplicates, sample: Sample): Finding[] {
  if (sample !== null)
    return [
      {
        probe: PROBE,
        code: 'exact-duplicates',
        status: 'insufficient',
        title: 'How much of the corpus is there twice cannot be told from a sample',
        estimate: notEstimable(OF_A_SAMPLE),
        sources: [METHOD],
      },
    ]
  const action = 'Keep one of each: repeated text costs compute and is memorised.'
  return [
    finding('exact-duplicates', documents, documents.bytes, documents.texts, 'that are there before', action),
    ...(near === null
      ? []
      : [
          finding(
            'near-duplicates',
            near,
            documents.bytes,
            near.documents,
            'much like an earlier one',
            action,
          ),
        ]),
  ]
}

function points(name: string, histogram: Duplicates['documents']['histogram']): Series {
  return {
    name,
    style: 'points',
    x: histogram.map(({ times }) => times),
    y: histogram.map(({ groups }) => groups),
  }
}

export function duplicatesSection({ documents, paragraphs, near }: Duplicates, sample: Sample): Section {
  const series = [
    points('equal paragraphs', paragraphs.histogram),
    points('equal documents', documents.histogram),
    ...(near === null ? [] : [points('nearly alike documents', near.histogram)]),
  ].filter(({ x }) => x.length > 0)
  const ofText = ({ duplicateBytes }: Counted): string =>
    documents.bytes === 0 ? 'none' : percent(duplicateBytes / documents.bytes)
  const nearly = near === null ? '' : `, ${ofText(near)} in documents much like an earlier one`
  return {
    id: 'corpus-duplicates',
    probe: PROBE,
    order: 2,
    question: 'What stands in it more than once?',
    answer: `${sample === null ? '' : 'Of the sample alone, which hides most of them: '}${ofText(documents)} of the text is in documents that are there before${nearly}, ${ofText(paragraphs)} in paragraphs of at least 64 bytes that are.`,
    charts:
      series.length === 0
        ? []
        : [
            {
              kind: 'lines',
              caption: 'How many texts stand there so many times',
              x: { label: 'times', scale: 'log' },
              y: { label: 'texts', scale: 'log' },
              series,
            },
          ],
    tables: [
      ...(['documents', 'paragraphs'] as const).map((kind) => ({
        title: `The ${kind} that take the most bytes by repeating`,
        columns: ['times', 'bytes', 'text', 'the first stands in'],
        rows: { documents, paragraphs }[kind].examples.map(({ times, bytes, text, path }) => [
          times,
          bytes,
          clip(text),
          path,
        ]),
      })),
      ...(near === null
        ? []
        : [
            {
              title: 'The clusters of nearly alike documents that take the most bytes',
              columns: ['documents', 'bytes beyond the first', 'one begins', 'another begins'],
              rows: near.examples.map(({ times, bytes, documents: [a, b] }) => [
                times,
                bytes,
                clip(a?.text ?? ''),
                clip(b?.text ?? ''),
              ]),
            },
          ]),
    ],
    protocol: [
      'Documents are equal byte for byte; paragraphs (runs of lines, parted by blank ones) of at least 64 bytes are equal but for white space around lines.',
      ...(near === null
        ? ['Near duplicates were left out (--without near-duplicates).']
        : [
            `Documents are nearly alike where their sets of five-term shingles have a Jaccard similarity of .8 or more: ${near.candidates.toLocaleString('en-US')} candidates by MinHash (12 bands of 5), each compared exactly.`,
          ]),
    ],
  }
}
