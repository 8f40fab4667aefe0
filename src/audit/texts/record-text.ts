import { asObject, type Json } from '../../ingest/index.js'

/** Fields that hold the text of a record, the first that is there. */
export const TEXT_FIELDS = ['text', 'content', 'messages'] as const

/** The field of these that holds a record's text: the user's, else the first known one. */
export function textField(fields: readonly string[], chosen: string | undefined): string | undefined {
  if (chosen !== undefined) return fields.includes(chosen) ? chosen : undefined
  return TEXT_FIELDS.find((name) => fields.includes(name))
}

/** The text of a message: a string, or the texts of its parts. */
function contentOf(message: Json): string | undefined {
  const content = asObject(message)?.content
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return undefined
  const parts = content.map((part) => asObject(part)?.text).filter((text) => typeof text === 'string')
  return parts.length === 0 ? undefined : parts.join('\n')
}

/**
 * A field's text: a string as it is; of a list of messages what was said, parted by blank lines, without roles and template.
 * undefined for anything else.
 */
export function textOf(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value) || value.length === 0) return undefined
  const said = value.map(contentOf)
  return said.every((text) => text !== undefined) ? said.join('\n\n') : undefined
}
