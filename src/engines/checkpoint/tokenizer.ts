import { dirname } from 'node:path'
import { type FolderTokenizer, hasTokenizer, openTokenizerFolder } from '../tokenizer-json/folder.js'
import { raise } from './errors.js'

/**
 * The tokenizer of a checkpoint: its own, else that of the folder around it, where trainers put the one of all their
 * checkpoints.
 *
 * @param rows  of the embedding: ids that the model takes, some of them more than the tokenizer knows
 * @throws {AssayError} `engines/tokenizer-mismatch`, and what reading it throws
 */
export async function readTokenizer(path: string, rows: number): Promise<FolderTokenizer> {
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
  return { ...read, tokenizer: { ...tokenizer, vocabularySize: rows } }
}
