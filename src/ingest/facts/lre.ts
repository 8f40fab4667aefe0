import { readFileSync } from 'node:fs'
import { messageOf } from '../../core/errors.js'
import type { Fact, TemplateUse } from '../../core/index.js'
import type { RelationFile } from './bear.js'
import { raise } from './errors.js'
import { factId } from './fact-id.js'

interface LreFile {
  readonly name: string
  /** Written to follow solved examples. */
  readonly prompt_templates?: readonly string[]
  /** Written to stand alone. */
  readonly prompt_templates_zs?: readonly string[]
  readonly properties?: { readonly relation_type?: string; readonly domain_name?: string }
  readonly samples: readonly { readonly subject: string; readonly object: string }[]
}

/** Whether a parsed JSON file is one of LRE's relations. */
export function isLreFile(value: unknown): value is LreFile {
  if (typeof value !== 'object' || value === null) return false
  const file = value as Readonly<Record<string, unknown>>
  return typeof file.name === 'string' && Array.isArray(file.samples)
}

/** LRE's `{}` stands for the subject and the prompt ends where the object goes. */
function toTemplate(prompt: string): string {
  return `${prompt.replace('{}', '[X]').trimEnd()} [Y]`
}

/** All templates of a relation, each once, with what the set wrote it for. */
function templatesOf(file: LreFile): Map<string, TemplateUse[]> {
  const uses = new Map<string, TemplateUse[]>()
  const add = (prompts: readonly string[], use: TemplateUse): void => {
    for (const template of new Set(prompts.map(toTemplate)))
      uses.set(template, [...(uses.get(template) ?? []), use])
  }
  add(file.prompt_templates ?? [], 'few-shot')
  add(file.prompt_templates_zs ?? [], 'zero-shot')
  return uses
}

/**
 * One relation of the LRE set: `{name, prompt_templates, prompt_templates_zs, samples: [{subject, object}]}`.
 * The published files repeat a few pairs; a repeat is kept once and told in `repeated`.
 *
 * Source: Hernandez et al., "Linearity of Relation Decoding in Transformer Language Models", arXiv:2308.09124.
 */
export function readLreRelation(path: string): RelationFile & {
  readonly name: string
  readonly uses: ReadonlyMap<string, readonly TemplateUse[]>
  readonly repeated: number
} {
  let file: unknown
  try {
    file = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw raise('not-json', messageOf(error), { path }, error)
  }
  if (!isLreFile(file))
    throw raise('bad-field', 'expected the "name" and "samples" of an LRE relation', { path })
  for (const field of ['prompt_templates', 'prompt_templates_zs'] as const) {
    const list: unknown = file[field] ?? []
    if (!Array.isArray(list) || !list.every((t) => typeof t === 'string' && t.includes('{}')))
      throw raise('bad-field', 'expected a list of texts with "{}" for the subject', { path, field })
  }
  const facts = new Map<string, Fact>()
  for (const [index, sample] of file.samples.entries()) {
    const { subject, object } = sample
    if (
      typeof subject !== 'string' ||
      typeof object !== 'string' ||
      subject.trim() === '' ||
      object.trim() === ''
    )
      throw raise('bad-field', 'expected the strings "subject" and "object"', {
        path,
        field: `samples[${index}]`,
      })
    const fact_id = factId(subject, file.name, object)
    facts.set(fact_id, {
      fact_id,
      subject,
      relation: file.name,
      object,
      aliases: [],
      subject_aliases: [],
      domain: file.properties?.domain_name ?? '',
    })
  }
  const uses = templatesOf(file)
  return {
    path,
    facts: [...facts.values()],
    templates: new Map([[file.name, [...uses.keys()]]]),
    uses,
    name: file.name,
    repeated: file.samples.length - facts.size,
  }
}
