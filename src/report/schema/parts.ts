import { z } from 'zod'

/** A number with its interval, unit and n, or the reason why there is none. */
export const estimateSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('estimate'),
      value: z.number(),
      low: z.number().describe('lower end of the interval'),
      high: z.number().describe('upper end of the interval'),
      level: z.number().gt(0).lte(1).describe('confidence level of the interval; 1 for what was counted'),
      unit: z.string().describe('`bits/byte` is spelled exactly so'),
      n: z.number().nonnegative().describe('independent units: documents, items or runs'),
    }),
    z.object({ kind: z.literal('notEstimable'), reason: z.string().min(1) }),
  ])
  .meta({
    id: 'Estimate',
    description: 'an estimate, or why there is none; never a NaN and never a 0 for “unknown”',
  })

export const statusSchema = z.enum(['pass', 'warn', 'fail', 'insufficient', 'error'])
export const boundKindSchema = z.enum(['min', 'max', 'max_drop', 'max_relative_drop'])

/** One thing that a probe concluded, with what to do about it. */
export const findingSchema = z
  .object({
    probe: z.string(),
    code: z.string().describe('permanent'),
    status: statusSchema,
    title: z.string(),
    estimate: estimateSchema.optional(),
    threshold: z.object({ kind: boundKindSchema, value: z.number(), unit: z.string() }).optional(),
    action: z.string().optional(),
    detail: z.string().optional().describe('what an expert wants to know of it'),
    sources: z.array(z.string()),
  })
  .meta({ id: 'Finding' })

export const inputSchema = z.object({ path: z.string(), sha256: z.string() })

/** The fields that every command's document begins with. */
export function documentOf(...commands: readonly [string, ...string[]]) {
  return {
    schema: z.enum(commands.map((command) => `assay/${command}@1`) as [string, ...string[]]),
    seed: z.int(),
    inputs: z.array(inputSchema),
    findings: z.array(findingSchema),
  }
}
