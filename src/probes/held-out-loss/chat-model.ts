import type { Finding, ModelEvidence, SurprisalEvidence } from '../../core/index.js'

/** Names of models tuned for chats, and tokens that only such models begin with. */
const TUNED_NAME = /(?:^|[-_ .])(?:instruct|chat|it|sft|dpo|rlhf)(?:$|[-_ .])/i
const TURN_MARK = /^<\|(?:im_start|start_header_id|user|system)\|>$/

/** A base-model audit of a model that was tuned for chats says less than it seems to: the reader should know. */
export function chatModelFinding(
  model: ModelEvidence | undefined,
  { protocol }: SurprisalEvidence,
): Finding[] {
  if (model === undefined) return []
  const signs = [
    ...(TUNED_NAME.test(model.name) ? [`its name (${model.name})`] : []),
    ...(TURN_MARK.test(protocol.prefixToken)
      ? [`the token that it begins with (${protocol.prefixToken})`]
      : []),
  ]
  if (signs.length === 0 && model.chatTemplate !== true) return []
  const isSure = signs.length > 0
  return [
    {
      probe: 'held-out-loss',
      code: 'held-out-loss/chat-model',
      status: isSure ? 'warn' : 'pass',
      title: isSure
        ? 'This is a model tuned for chats, and it was measured as a base model: on plain text, without its chat template'
        : 'The file brings a template for chats: the model may be tuned for them; it was measured on plain text without it',
      action:
        'Compare it with models that were tuned alike. To judge what pre-training gave, audit the base model that it was made from: tuning for chats usually costs bits on plain text, and the default gates are set for base models.',
      detail: `Told by ${[...signs, ...(model.chatTemplate === true ? ['a chat template in its file'] : [])].join(', ')}.`,
      sources: ['docs/methods/surprisal.md#models-tuned-for-chats', 'evidence: model, surprisal'],
    },
  ]
}
