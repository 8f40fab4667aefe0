import { type Command, Option } from 'commander'
import { FOLDS, PUBLIC_ENDPOINT } from '../../corpus/index.js'
import { FACT_FIELDS, SOUGHT_FIELDS } from '../../ingest/index.js'
import { type ContaminationOptions, runContamination } from '../corpus/contamination.js'
import { runCount } from '../corpus/count.js'
import { type MergeOptions, runMerge } from '../corpus/merge.js'
import { type CountOptions, parseFolds, parseShard } from '../corpus/options.js'
import { NEAR, type ProfileOptions, parseWithout, runProfile } from '../corpus/profile.js'
import { collectFiles, pairsOf, parseCount, parsePairs, parsePositive, parseShare } from '../option-values.js'
import { collect } from '../output.js'
import { addCommand } from '../run.js'

const FACTS = 'facts: JSONL, CSV or TSV; BEAR, LRE, LAMA, PopQA, TriviaQA, an export of Wikidata; repeatable'
const WEIGHTS =
  'web=1,books=2.5: how often training reads each corpus (times read, of corpus profile); a document counts so often, beside the exact counts'
const DEFAULT_SHARDS = 32
const DEFAULT_RETRIES = 2
const DEFAULT_CONCURRENCY = 4

/** Options of every command that reads a corpus; `textDocument` is the default of --sample-by. */
function configureReading(command: Command, textDocument: 'line' | 'file'): Command {
  return command
    .addOption(
      new Option('--format <name>', 'of the corpus; auto goes by name, then by content')
        .choices(['auto', 'parquet', 'jsonl', 'text'])
        .default('auto'),
    )
    .addOption(
      new Option('--sample-by <what>', 'what a document is in a text file')
        .choices(['line', 'paragraph', 'file'])
        .default(textDocument),
    )
    .option('--strict', 'stop at the first document or file that cannot be read')
    .option(
      '--threads <n>',
      'threads (of each task, with slurm); otherwise one for each core that the corpus gives work to',
      parsePositive,
    )
    .option('--resume', 'go on from finished shards')
}

function configureCount(command: Command): Command {
  return configureReading(command, 'line')
    .requiredOption('--facts <path>', FACTS, collectFiles)
    .option(
      '--out <path>',
      'the table of counts: .parquet or .tsv, on disk or s3://; with --shard also a folder/ for its part',
    )
    .addOption(
      new Option('--engine <name>', 'how to count')
        .choices(['embedded', 'plain', 'slurm', 'infini-gram'])
        .default('embedded'),
    )
    .addOption(
      new Option(
        '--match <rule>',
        'boundary: whole words, aliases; published: one space before, nothing after',
      )
        .choices(['boundary', 'published'])
        .default('boundary'),
    )
    .option('--ignore-case', 'compare lower-cased texts')
    .option(
      '--fold <kinds>',
      `ways of writing that are made one: some of ${FOLDS.join(', ')}, or all, or none (default: all but emphasis, the underscores of _Paris_)`,
      parseFolds,
    )
    .option(
      '--within <words>',
      'count a pair only where both stand at most this many words apart',
      parseCount,
    )
    .option(
      '--columns <map>',
      'foreign names: text=content, subject=head, …',
      pairsOf('text', ...FACT_FIELDS),
      {},
    )
    .option(
      '--by <what>',
      'count by part of the corpus, too: source (its names web=crawl/*.jsonl, else its folders), language, or a field of the documents (column:source where it is called so); repeatable',
      collect,
    )
    .option('--groups <path>', 'the table of --by, a row for each value and fact: .parquet or .tsv')
    .option('--examples <n>', 'of every pair, at most so many documents that hold both', parseCount)
    .option('--around <n>', 'characters of an example around the names (default: 100)', parseCount)
    .option('--weights <map>', WEIGHTS, parsePairs)
    .option('--checkpoint <dir>', 'folder of finished shards (default: beside --out)')
    .option('--shard <i/n>', 'count only shard i of n, from 0', parseShard)
    .option('--shards <n>', 'slurm: tasks of the job array', parsePositive, DEFAULT_SHARDS)
    .option(
      '--retries <n>',
      'slurm: how often a failed task goes back to the queue',
      parseCount,
      DEFAULT_RETRIES,
    )
    .option('--worker <command>', 'slurm: the program on the nodes, where it is not this one')
    .option(
      '--sbatch <argument>',
      'slurm: more arguments of sbatch (--sbatch=--partition=cpu); repeatable',
      collect,
      [],
    )
    .option('--endpoint <url>', 'infini-gram: the server', PUBLIC_ENDPOINT)
    .option('--index <name>', 'infini-gram: one of its indexes')
    .option('--concurrency <n>', 'infini-gram: queries at once', parsePositive, DEFAULT_CONCURRENCY)
    .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect)
}

/** `assay corpus count`, `merge` and `profile`. */
export function addCorpus(program: Command): void {
  const corpus = program
    .command('corpus')
    .description('What a corpus holds: its mix, duplicates and quality; documents that hold names and pairs')
  addCommand<CountOptions>(corpus, {
    name: 'count [corpus...]',
    description:
      'Count the documents that hold the subject, the object and both, for every fact. The corpus is Parquet, JSONL ' +
      'or text, plain, .gz or .zst: files, folders, globs in quotes, s3:// and https://',
    example:
      'assay corpus count --facts facts/real.jsonl texts/encyclopaedic texts/speech --out counts.parquet',
    configure: configureCount,
    writes: ({ out, groups }) => [out, groups],
    keeps: ({ checkpoint, out }) => (checkpoint ?? out) !== undefined,
    run: runCount,
  })
  addCommand<ProfileOptions>(corpus, {
    name: 'profile [corpus...]',
    description:
      'Languages, domains, lengths, exact and near duplicates, and signs of poor quality, in one pass. ' +
      'A corpus is named as in web=crawl/*.jsonl; domains are its folders. A text file is one document',
    example: 'assay corpus profile texts',
    configure: (command) =>
      configureReading(command, 'file')
        .option('--columns <map>', 'foreign names: text=content', pairsOf('text'), {})
        .option('--without <measure>', `what takes longest, left out: ${NEAR}`, parseWithout, [])
        .option(
          '--target <name=glob>',
          'text that the corpus is to cover: unseen words, runs of words, nearest parts; repeatable',
          collect,
          [],
        )
        .option(
          '--checkpoint <dir>',
          'folder of finished shards; needs space for the hash of every paragraph',
        )
        .option(
          '--sample <share>',
          'read so much of it (1%), drawn in stretches; shares have intervals',
          parseShare,
        )
        .option(
          '--tokenizer <model>',
          'tokens, too: of a model, a folder or a tokenizer.json; of more than 4 MB estimated from stretches',
        )
        .addOption(
          new Option('--engine <name>', 'here, or as a Slurm job array over --parts')
            .choices(['embedded', 'slurm'])
            .default('embedded'),
        )
        .option('--parts <dir>', 'folder of the parts of --shard runs; without --shard they are merged')
        .option('--shard <i/n>', 'profile only shard i of n, from 0, into --parts', parseShard)
        .option('--shards <n>', 'slurm: tasks of the job array', parsePositive, DEFAULT_SHARDS)
        .option('--sbatch <argument>', 'slurm: more arguments of sbatch; repeatable', collect, [])
        .option(
          '--weights <map>',
          'web=.7,books=.3: what each corpus is of the training mix; the mix and how often each is read',
          parsePairs,
        )
        .option('--out <file.parquet>', 'write languages, domains and rules as a table')
        .option('--card <file.md>', 'write a data card')
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    writes: ({ card, out }) => [card, out],
    keeps: ({ checkpoint, parts }) => (checkpoint ?? parts) !== undefined,
    run: runProfile,
  })
  addCommand<ContaminationOptions>(corpus, {
    name: 'contamination [corpus...]',
    description:
      'Which benchmark items and held-out texts stand in the corpus, whole or in part: word for word, re-wrapped, diluted ' +
      'with other text, in other case and punctuation, question and answer apart; what plain 13-grams find stands beside it. ' +
      'The table (item_id, task, overlap, longest, document, clean) is what gain --contamination takes',
    example:
      "assay corpus contamination --items 'examples/items/*.jsonl' texts/literature texts/speech --out contamination.parquet",
    configure: (command) =>
      configureReading(command, 'file')
        .option(
          '--items <glob>',
          'items, in JSONL, CSV, TSV or Parquet: id?, text, or question, choices, answer; repeatable',
          collect,
        )
        .option('--texts <name=glob>', 'held-out texts, a document an item; repeatable', collect)
        .option(
          '--out <path>',
          'the table, whose overlap and longest are empty where less than .3 of an item was found: .parquet, .csv or .tsv; with --shard a folder/ (or s3://…/) for its part',
        )
        .option(
          '--columns <map>',
          'foreign names: text=content of the corpus, question=prompt, …',
          pairsOf(...SOUGHT_FIELDS),
          {},
        )
        .option('--checkpoint <dir>', 'folder of finished shards (default: beside --out)')
        .option('--shard <i/n>', 'read only shard i of n, from 0', parseShard)
        .option(
          '--parts <folder>',
          'add up the parts that --shard workers wrote, instead of reading a corpus',
        ),
    writes: ({ out }) => [out],
    keeps: ({ checkpoint, out }) => (checkpoint ?? out) !== undefined,
    run: runContamination,
  })
  addCommand<MergeOptions>(corpus, {
    name: 'merge <folder>',
    description: 'Add up the parts that --shard workers wrote into a folder or under an s3:// prefix',
    example: 'assay corpus merge --facts facts/real.jsonl examples/parts/ --out counts.parquet',
    configure: (command) =>
      command
        .requiredOption('--facts <path>', FACTS, collectFiles)
        .requiredOption('--out <path>', 'the table of counts: .parquet or .tsv, on disk or s3://')
        .option('--columns <map>', 'foreign names of the facts: subject=head, …', pairsOf(...FACT_FIELDS), {})
        .option('--groups <path>', 'the table of --by, where the shards have it: .parquet or .tsv')
        .option('--weights <map>', `${WEIGHTS}; where the shards count --by source`, parsePairs)
        .option('-o, --output <file>', 'write .html, .md, .json, .svg or .txt; repeatable', collect),
    writes: ({ out, groups }) => [out, groups],
    run: runMerge,
  })
}
