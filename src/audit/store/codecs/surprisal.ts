import type { EvidenceByKind } from '../../../core/index.js'
import type { Codec } from './codec.js'

export const surprisal: Codec<EvidenceByKind['surprisal']> = {
  since: 1,
  columns: ['document', 'token', 'byte_length', 'log_likelihood'],
  encode({ documents, ...head }) {
    const total = documents.reduce((n, d) => n + d.tokens.length, 0)
    const document = new Int32Array(total)
    const token = new Int32Array(total)
    const byteLength = new Int32Array(total)
    const logLikelihood = new Float64Array(total)
    let at = 0
    documents.forEach((d, index) => {
      document.fill(index, at, at + d.tokens.length)
      token.set(d.tokens, at)
      byteLength.set(d.byteLengths, at)
      logLikelihood.set(d.logLikelihoods, at)
      at += d.tokens.length
    })
    return {
      head: {
        ...head,
        documents: documents.map(({ domain, document, bytes, words }) => ({
          domain,
          document,
          bytes,
          words,
        })),
      },
      table: {
        document: { type: 'INTEGER', values: document },
        token: { type: 'INTEGER', values: token },
        byte_length: { type: 'INTEGER', values: byteLength },
        log_likelihood: { type: 'DOUBLE', values: logLikelihood },
      },
    }
  },
  decode(head, table) {
    type Head = Omit<EvidenceByKind['surprisal'], 'documents'> & {
      documents: { domain: string; document: string; bytes: number; words: number }[]
    }
    const { documents, ...rest } = head as Head
    const owner = table.document as number[]
    const starts = new Int32Array(documents.length + 1)
    for (const index of owner) starts[index + 1]++
    for (let i = 0; i < documents.length; i++) starts[i + 1] += starts[i]
    const slice = (name: string, i: number): number[] =>
      (table[name] as number[]).slice(starts[i], starts[i + 1])
    return {
      ...rest,
      documents: documents.map((d, i) => ({
        ...d,
        tokens: Int32Array.from(slice('token', i)),
        byteLengths: Int32Array.from(slice('byte_length', i)),
        logLikelihoods: Float64Array.from(slice('log_likelihood', i)),
      })),
    }
  },
}
