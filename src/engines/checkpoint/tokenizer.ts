import { dirname } from 'node:path'
import { type FolderTokenizer, hasTokenizer, openTokenizerFolder } from '../tokenizer-json/folder.js'
import { raise } from './errors.js'

/** Embeddings are padded to whole multiples of this for the hardware's sake. */
const PADDING = 128
/** Share of rows that publishers leave to tokens to come: of those known DeepSeek LLM's is the largest, 2,385 of 102,400. */
const MOST_SPARE = 0.05

/**
 * The tokenizer of a checkpoint: its own, else that of the folder around it, where trainers put the one of all their
 * checkpoints.
 *
 * @param rows  of the embedding: ids that the model takes, some of them more than the tokenizer knows
 * @param note  told of more rows without a token than padding explains
 * @throws {AssayError} `engines/tokenizer-mismatch`, and what reading it throws
 */
export async function readTokenizer(
  path: string,
  rows: number,
  note: (text: string) => void = () => {},
): Promise<FolderTokenizer> {
  const around = dirname(path)
  const read = await openTokenizerFolder(!hasTokenizer(path) && hasTokenizer(around) ? around : path, path)
  const { tokenizer } = read
  for (let id = rows; id < tokenizer.vocabularySize; id++)
    if (!['control', 'unused'].includes(tokenizer.tokenKind(id)))
      throw raise(
        'tokenizer-mismatch',
        `its token ${id} (${JSON.stringify(read.special.text(id))}) has no row among the ${rows} of the embedding`,
        { path },
      )
  let spare = 0
  for (let id = 0; id < rows; id++) if (tokenizer.tokenKind(id) === 'unused') spare++
  if (spare >= PADDING && spare > MOST_SPARE * rows)
    note(
      `${spare} of the ${rows} rows of the embedding have no token, more than padding explains: see whether tokenizer and weights are of one checkpoint.`,
    )
  return { ...read, tokenizer: { ...tokenizer, vocabularySize: rows } }
}
