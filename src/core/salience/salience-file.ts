import { type EstimateJson, estimateFromJson, estimateToJson } from '../estimate.js'
import type { CarriedVector, SalienceFile, Span } from '../evidence/index.js'

export const SALIENCE_FILE_SCHEMA = 'assay/salience-vector@1'

/** `salience.json` as it stands on disk; its JSON Schema is schema/salience-vector.schema.json. */
export interface SalienceFileJson {
  readonly schema: typeof SALIENCE_FILE_SCHEMA
  readonly textSha256: string | null
  readonly models: SalienceFile['models']
  readonly spans: readonly Span[]
  readonly capabilities: readonly CarriedVectorJson[]
}

type CarriedVectorJson = Omit<CarriedVector, 'weights' | 'explainedVariance' | 'gainOverMean' | 'domains'> & {
  readonly weights: readonly number[]
  readonly explainedVariance: EstimateJson
  readonly gainOverMean: EstimateJson
  readonly domains: readonly { domain: string; ofText: number; ofPull: EstimateJson }[]
}

export function salienceFileToJson(file: SalienceFile): SalienceFileJson {
  return {
    schema: SALIENCE_FILE_SCHEMA,
    ...file,
    capabilities: file.capabilities.map((c) => ({
      ...c,
      weights: Array.from(c.weights),
      explainedVariance: estimateToJson(c.explainedVariance),
      gainOverMean: estimateToJson(c.gainOverMean),
      domains: c.domains.map((d) => ({ ...d, ofPull: estimateToJson(d.ofPull) })),
    })),
  }
}

export function salienceFileFromJson({ schema: _, ...file }: SalienceFileJson): SalienceFile {
  return {
    ...file,
    capabilities: file.capabilities.map((c) => ({
      ...c,
      weights: Float64Array.from(c.weights),
      explainedVariance: estimateFromJson(c.explainedVariance),
      gainOverMean: estimateFromJson(c.gainOverMean),
      domains: c.domains.map((d) => ({ ...d, ofPull: estimateFromJson(d.ofPull) })),
    })),
  }
}
