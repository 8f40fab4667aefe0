import { z } from 'zod'
import { configSchema, policySchema } from './schema.js'

const FILES = {
  config: { schema: configSchema, title: 'assay.yaml, what `assay audit --config` reads' },
  policy: { schema: policySchema, title: 'Gates alone, what `assay gate --policy` reads' },
} as const

/** JSON Schemas (draft 2020-12) of the files that a user writes, by file name: editors complete and check by them. */
export function configSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(FILES).map(([name, { schema, title }]) => {
      const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input' })
      return [
        `${name}.schema.json`,
        `${JSON.stringify({ $schema, $id: `assay/${name}@1`, title, ...body }, null, 2)}\n`,
      ]
    }),
  )
}
