import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sampleResult } from '../../../test/golden/sample-result.js'
import { resultToJson } from '../json.js'
import { auditDocument } from './documents.js'
import { publishedSchemas } from './publish.js'

const folder = new URL('../../../schema/', import.meta.url)
const document: unknown = JSON.parse(JSON.stringify({ ...resultToJson(sampleResult()), evidence: 'audit' }))

describe('published JSON Schemas', () => {
  it.each([...publishedSchemas()])(
    '%s is what the code says (else: npx tsx scripts/publish-schemas.ts)',
    (name, text) => {
      expect(readFileSync(new URL(name, folder), 'utf8')).toBe(text)
    },
  )

  it('name every field that a result has', () => {
    // Parsing drops what a schema does not name, so nothing may be missing afterwards.
    expect(auditDocument.parse(document)).toEqual(document)
  })

  it('accept a result when read back from their files', () => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(new URL('audit.schema.json', folder), 'utf8')))
    expect(schema.safeParse(document).error).toBeUndefined()
  })

  it.each([
    ['a verdict of another name', { verdict: 'MAYBE' }],
    [
      'a number without its interval',
      {
        metrics: [
          {
            id: 'a',
            title: 'a',
            better: 'lower',
            estimate: { kind: 'estimate', value: 1, unit: 'ms', n: 1 },
          },
        ],
      },
    ],
    ['a null for “unknown”', { metrics: [{ id: 'a', title: 'a', better: 'lower', estimate: null }] }],
    ['findings that are no list', { findings: {} }],
  ])('refuse %s', (_, wrong) => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(new URL('audit.schema.json', folder), 'utf8')))
    expect(schema.safeParse({ ...(document as object), ...wrong }).success).toBe(false)
  })

  it('are all JSON Schema of 2020-12 with an id', () => {
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.schema.json'))) {
      const schema = JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as {
        $schema?: string
        $id?: string
      }
      expect(schema.$schema, name).toBe('https://json-schema.org/draft/2020-12/schema')
      expect(schema.$id, name).toBeTruthy()
    }
  })
})
