// Open a model and measure how well it predicts texts of yours, in bits per byte.
import { readFileSync } from 'node:fs'
import { scoreTexts } from 'assay-audit/audit'
import { bitsPerByte, createRandom, DEFAULT_LEVEL, DEFAULT_SEED } from 'assay-audit/core'
import { openEngine } from 'assay-audit/engines'
import { formatEstimate } from 'assay-audit/report'

const paragraphs = readFileSync('README.md', 'utf8').split('\n\n')
const passages = paragraphs.map((text, i) => ({ domain: 'readme', document: `paragraph ${i + 1}`, text }))

const model = await openEngine('assay-ladder')
try {
  const documents = await scoreTexts(model, passages)
  const loss = bitsPerByte(documents, createRandom(DEFAULT_SEED), DEFAULT_LEVEL)
  console.log(`${model.evidence.name} on README.md: ${formatEstimate(loss)}`)
} finally {
  await model.close()
}
