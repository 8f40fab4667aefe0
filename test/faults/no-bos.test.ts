import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gatherSurprisal } from '../../src/audit/index.js'
import {
  createRandom,
  DEFAULT_LEVEL,
  type OpenedModel,
  type SurprisalEvidence,
} from '../../src/core/index.js'
import { measureHeldOutLoss } from '../../src/probes/index.js'
import { scratch } from '../cli/run-cli.js'
import { openByteModel } from '../contract/engine.byte-model.js'

/** The byte model as if its file named neither BOS nor EOS: nothing conditions a document's first token. */
const withoutPrefix = (): OpenedModel => ({
  ...openByteModel(),
  prefix: { choice: 'auto', document: null, prompt: null },
})

function score(model: OpenedModel, texts: Record<string, string>): Promise<SurprisalEvidence> {
  const passages = Object.entries(texts).map(([domain, text]) => ({ domain, document: domain, text }))
  const domains = passages.map(({ domain }) => ({ domain, files: ['x'], source: 's', licence: 'l' }))
  return gatherSurprisal(
    model,
    { passages, skipped: [], read: [], offered: passages.map(() => 1) },
    domains,
    undefined,
    {
      random: createRandom(1),
      resume: false,
      signal: new AbortController().signal,
      journalPath: (kind) => join(scratch(), `${kind}.jsonl`),
      progress: () => ({ update() {}, end() {} }),
      note() {},
    },
  )
}

describe('a model without BOS and EOS', () => {
  it('leaves the first token out, and its bytes with it', async () => {
    const text = 'The river is low.'
    const { documents, protocol } = await score(withoutPrefix(), { a: text })
    expect(protocol.prefixToken).toBe('none')
    // One token a byte: all but the first are scored.
    expect(documents[0].tokens.length).toBe(text.length - 1)
    expect(documents[0].bytes).toBe(text.length - 1)
    const scored = (await score(openByteModel(), { a: text })).documents[0]
    expect([...documents[0].logLikelihoods]).toEqual([...scored.logLikelihoods.slice(1)])
  })

  it('gives no estimate, and so no GO, when a domain has nothing after its first token', async () => {
    const evidence = await score(withoutPrefix(), { a: 'The river is low and the mill is old.', b: 'T' })
    expect(evidence.skipped).toEqual([expect.objectContaining({ domain: 'b' })])
    const { domains, macro } = measureHeldOutLoss(evidence, { random: createRandom(1), level: DEFAULT_LEVEL })
    expect(domains.map((d) => d.bitsPerByte.kind)).toEqual(['estimate', 'notEstimable'])
    expect(macro.kind).toBe('notEstimable')
  })
})
