import { defineErrors } from '../core/errors.js'

export const raise = defineErrors('corpus', {
  'no-input': {
    kind: 'input',
    title: 'No corpus file matches.',
    fix: 'Pass files, folders, globs (in quotes), s3://bucket/prefix/*.parquet or https:// addresses that exist.',
  },
  unreadable: {
    kind: 'input',
    title: 'A corpus file cannot be read.',
    fix: 'Correct its path, copy it again from where it came (`gzip -t` and `zstd -t` test an archive), or leave it out.',
  },
  'bad-document': {
    kind: 'input',
    title: 'A document cannot be read.',
    fix: 'Repair the document, name its text field with --columns text=NAME, or count without --strict: it is then skipped and reported.',
  },
  'bad-target': {
    kind: 'input',
    title: 'A document of a target cannot be read.',
    fix: 'Repair the document or leave it out of the --target, or name its text field with --columns text=NAME: the same as in the corpus.',
  },
  'no-documents': {
    kind: 'input',
    title: 'Not one document with text could be read.',
    fix: 'Check the text field (--columns text=NAME) and the format (--format parquet|jsonl|text); a damaged archive (`gzip -t`, `zstd -t`) has to be copied again from where it came.',
  },
  'remote-failed': {
    kind: 'input',
    title: 'An object of S3 cannot be reached.',
    fix: 'Check the address and the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL, or a profile in ~/.aws/credentials).',
  },
  'server-failed': {
    kind: 'input',
    title: 'A server did not give a file.',
    fix: 'Try the address with curl -I; a signed one may have expired. Or download the file and name it instead.',
  },
  'other-job': {
    kind: 'input',
    title: 'What stands there is of another run.',
    fix: 'Give the options, the facts or items and the corpus of that run, or begin anew: without --resume, or in another folder.',
  },
  'bad-part': {
    kind: 'input',
    title: 'What an earlier run left cannot be used.',
    fix: 'Delete the part of that shard and run it again with --shard; of a checkpoint, begin anew without --resume.',
  },
  'parts-disagree': {
    kind: 'input',
    title: 'These parts do not make one whole.',
    fix: 'Merge every shard i/n of one run exactly once: same options, facts or items, and corpus.',
  },
  'too-many-groups': {
    kind: 'input',
    title: 'A grouping has too many values.',
    fix: 'Name a field with few values with --by (a language, a site, a year), not one that tells documents apart; for source name the parts of the corpus (web=crawl/).',
  },
  'bad-option': {
    kind: 'input',
    title: 'Options do not go together.',
    fix: 'See assay corpus count --help.',
  },
  'cannot-write': {
    kind: 'input',
    title: 'A result cannot be written.',
    fix: 'Check that the folder exists and that you may write there, or choose another with --out or --checkpoint.',
  },
  'disk-full': {
    kind: 'input',
    title: 'The disk is full.',
    fix: 'Free space or choose another place with --out or --checkpoint, for temporary files with the variable TMPDIR.',
    resumable: true,
  },
  'worker-failed': {
    kind: 'engine',
    title: 'A counting thread stopped.',
    fix: 'Run the same command again; with little memory use fewer --threads.',
    resumable: true,
  },
  'scheduler-failed': {
    kind: 'engine',
    title: 'The scheduler did not finish the job.',
    fix: 'Mend what the scheduler says, or what the logs of the tasks named here say, and run it again.',
  },
  'index-failed': {
    kind: 'engine',
    title: 'The infini-gram server did not answer a count.',
    fix: 'Check --endpoint and --index; the server may limit requests: use a smaller --concurrency.',
  },
  interrupted: {
    kind: 'interrupted',
    title: 'Interrupted.',
    fix: 'Run the same command again; the folder that --checkpoint names keeps what is finished.',
    resumable: true,
  },
})
