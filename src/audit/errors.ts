import { type AssayError, defineErrors } from '../core/index.js'
import { reason } from '../io/reason.js'

export const raise = defineErrors('audit', {
  'disk-full': {
    kind: 'input',
    title: 'The disk is full.',
    fix: 'Free space or choose another folder.',
    resumable: true,
  },
  'cannot-write': {
    kind: 'input',
    title: 'A file cannot be written.',
    fix: 'Choose another path (with the option that named this one), or let yourself write there.',
  },
  'read-only-folder': {
    kind: 'input',
    title: 'A folder is read-only.',
    fix: 'Choose another with --evidence, --out or -o, or let yourself write there.',
  },
  'cannot-read': {
    kind: 'input',
    title: 'A file cannot be read.',
    fix: 'Check the path and its permissions.',
  },
  'no-evidence': {
    kind: 'input',
    title: 'There is no evidence in this folder.',
    fix: 'Gather it first: assay gather --evidence DIR, or assay audit.',
  },
  'damaged-evidence': {
    kind: 'input',
    title: 'The evidence folder is damaged or was changed by hand.',
    fix: 'Gather it again, or restore the folder from where it was copied.',
  },
  'not-comparable': {
    kind: 'input',
    title: 'These two audits cannot be compared.',
    fix: 'Gather both with the same texts, limit, seed and window.',
  },
  'evidence-version': {
    kind: 'input',
    title: 'The evidence was written by another version of Assay.',
    fix: 'Use that version, or gather the evidence again with this version.',
  },
  'other-plan': {
    kind: 'input',
    title: 'The interrupted gathering in this folder had other settings.',
    fix: 'Resume with the settings that it had, or leave out --resume to start anew.',
  },
  'not-utf8': {
    kind: 'input',
    title: 'A text is in no encoding that Assay reads.',
    fix: 'Convert it to UTF-8, for example: iconv -f LATIN1 -t UTF-8 IN > OUT.',
  },
  'not-text': {
    kind: 'input',
    title: 'A file holds no text that can be scored.',
    fix: 'Give plain text, Markdown, HTML, or records in JSON Lines, JSON, CSV or Parquet, in UTF-8 or UTF-16, packed by gzip or Zstandard or not.',
  },
  'broken-text': {
    kind: 'input',
    title: 'A file of texts is broken.',
    fix: 'Write or download it again, or mend the place that is named.',
  },
  'no-text-field': {
    kind: 'input',
    title: 'Records have no field that is known to hold their text.',
    fix: 'Name it: --columns text=FIELD.',
  },
  'no-text': {
    kind: 'input',
    title: 'A domain has no text.',
    fix: 'Check the glob (quote it, so that the shell leaves it alone) and that the files are not empty.',
  },
  'other-text': {
    kind: 'input',
    title: 'The text is not the one that the losses were taken on.',
    fix: 'Give that very text, name=glob for each domain as it was scored: --text, or salience.text in a config.',
  },
  'bad-config': {
    kind: 'input',
    title: 'The config cannot be used.',
    fix: 'Correct the line; `assay init` writes a commented example, `assay validate` checks one.',
  },
  'engine-failed-check': {
    kind: 'engine',
    title: 'The engine failed its self-check, so nothing was scored.',
    fix: 'Use another engine version or model file; `--json` shows every check.',
  },
  'model-failed-check': {
    kind: 'engine',
    title: 'The model scores prose no better than its words shuffled, so nothing was scored.',
    fix: 'The engine is consistent in itself: see whether weights, quantisation and tokenizer belong together and were converted whole.',
  },
  interrupted: {
    kind: 'interrupted',
    title: 'Interrupted.',
    fix: 'Run the same command again.',
    resumable: true,
  },
})

/** Turn what the operating system says of a file into an error that its reader can act on. */
export function fileError(error: unknown, path: string, doing: 'read' | 'write'): AssayError {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return raise('disk-full', 'no space is left on the device', { path }, error)
  const name = doing === 'read' ? 'cannot-read' : 'cannot-write'
  return raise(name, reason(error, doing), { path }, error)
}
