import type { Command } from 'commander'
import { AssayError, DEFAULT_SEED, fixOf, formatError, messageOf, withoutSecrets } from '../core/index.js'
import { plain } from '../report/index.js'
import { exampleHere } from './example.js'
import { parseCount } from './option-values.js'
import { checkOutputs, requireOthersThan } from './output.js'
import { createProgress, type Progress, silentProgress } from './progress.js'
import { terminalOf } from './terminal.js'

/** What a command hands back: one JSON document, the text for people, and how it ended (an exit code). */
export interface Outcome {
  readonly json: object
  readonly text: string
  readonly exitCode: 0 | 1 | 2 | 4 | 130
}

/** What every command gets beside its own options. */
export interface Io {
  readonly json: boolean
  readonly quiet: boolean
  readonly seed: number
  /** The seed where the user named one; otherwise that of a config or of recorded evidence stands. */
  readonly givenSeed?: number
  /** Colours only on a terminal that has them, and never with NO_COLOR. */
  readonly colour: boolean
  progress(label: string): Progress
  /** A line for people while the work goes on; stderr, silent with --quiet. */
  note(text: string): void
  /** Something beside the outcome failed, as a file that was to be written: told after it, with the exit code. */
  failed(error: unknown): void
}

export interface CommandSpec<Options> {
  /** As commander takes it: `curve <log...>`. */
  readonly name: string
  readonly description: string
  /** A line that runs in a fresh clone's folder; the help tells it as it runs elsewhere. */
  readonly example: string
  configure(command: Command): Command
  /** Files beside those of `-o` that it will write: whether they can be is tried before it begins. */
  writes?(options: Options, args: readonly string[]): readonly (string | undefined)[]
  /** Whether what is gathered is kept for `--resume`, where the command has it; else it always is. */
  keeps?(options: Options): boolean
  run(args: readonly string[], options: Options, io: Io): Promise<Outcome>
}

const EXIT_BY_KIND = { input: 3, engine: 4, interrupted: 130 } as const

function createIo(
  options: { json?: boolean; quiet?: boolean; seed: number },
  seedIsGiven: boolean,
): Io & { readonly failures: readonly unknown[] } {
  const failures: unknown[] = []
  const quiet = options.quiet === true
  const showsProgress = !quiet && terminalOf(process.stderr, process.env).redraws
  return {
    json: options.json === true,
    quiet,
    seed: options.seed,
    ...(seedIsGiven ? { givenSeed: options.seed } : {}),
    colour: terminalOf(process.stdout, process.env).colour,
    progress: (label) => (showsProgress ? createProgress(label, process.stderr) : silentProgress),
    note: (text) => {
      if (!quiet) process.stderr.write(`${plain(withoutSecrets(text))}\n`)
    },
    failures,
    failed: (error) => failures.push(error),
  }
}

/** Wait until the stream took everything: process.exit would cut a pipe short. */
function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(error) : resolve()))
  })
}

/** A bug is told as one: the stack and what caused it, for the report that somebody should write. */
function bugText(error: unknown, name: string): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const cause =
    error instanceof Error && error.cause !== undefined ? `\ncaused by: ${String(error.cause)}` : ''
  return `✖ bug in assay ${name}: please report it with this text\n${stack}${cause}`
}

/**
 * Print an error (code and title, place and message, what to do) and return its exit code; only a bug shows a stack,
 * and counts as a failed probe. File names and file contents in it are stripped of what could act on a terminal.
 */
async function fail(error: unknown, name: string, resumes: boolean): Promise<number> {
  const known = error instanceof AssayError
  const text = known ? formatError(error, resumes) : withoutSecrets(bugText(error, name))
  await write(process.stderr, `${plain(text)}\n`)
  return known ? EXIT_BY_KIND[error.kind] : EXIT_BY_KIND.engine
}

/** An error as it stands in a command's JSON. */
function errorToJson(error: unknown, resumes: boolean): object {
  return error instanceof AssayError
    ? {
        code: error.code,
        title: error.title,
        message: error.message,
        fix: fixOf(error, resumes),
        place: error.place,
      }
    : { code: 'cli/bug', message: withoutSecrets(messageOf(error)) }
}

async function writeJson(document: object): Promise<void> {
  await write(process.stdout, `${JSON.stringify(document, null, 2)}\n`)
}

/** The JSON document of a command that failed. */
export function writeFailure(name: string, seed: number, error: unknown, resumes = false): Promise<void> {
  return writeJson({
    schema: `assay/${name}@1`,
    seed,
    inputs: [],
    findings: [],
    error: errorToJson(error, resumes),
  })
}

/** Add a command with the options that all share, error handling and exit codes. */
export function addCommand<Options>(program: Command, spec: CommandSpec<Options>): void {
  const example = exampleHere(spec.example, { cwd: process.cwd(), script: process.argv[1] })
  const command = spec
    .configure(program.command(spec.name).description(spec.description))
    .option('--json', 'write one JSON document to stdout and nothing else there')
    .option('--seed <n>', 'seed of everything random', parseCount, DEFAULT_SEED)
    .option('--quiet', 'no progress and no notes on stderr')
    .addHelpText('after', `\nExample:\n  $ ${example}`)
    .showHelpAfterError(`  fix: see --help; for example: ${example}`)
  command.action(async () => {
    const options = command.opts<
      Options & { json?: boolean; quiet?: boolean; seed: number; output?: readonly string[] }
    >()
    const io = createIo(options, command.getOptionValueSource('seed') === 'cli')
    const group = command.parent?.parent == null ? '' : `${command.parent.name()}-`
    const name = `${group}${command.name()}`
    const resumes = command.options.some(({ long }) => long === '--resume') && spec.keeps?.(options) !== false
    try {
      const written = spec.writes?.(options, command.args) ?? []
      checkOutputs(options.output ?? [], written)
      requireOthersThan([...(options.output ?? []), ...written], [command.args, Object.values(options)])
      const outcome = await spec.run(command.args, options, io)
      const [failure] = io.failures
      if (io.json)
        await writeJson(
          failure === undefined ? outcome.json : { ...outcome.json, error: errorToJson(failure, resumes) },
        )
      else if (outcome.text !== '') {
        // Colours are escape sequences: who makes them has made the rest plain.
        const text = io.colour ? outcome.text : plain(outcome.text)
        await write(process.stdout, text.endsWith('\n') ? text : `${text}\n`)
      }
      process.exitCode = outcome.exitCode
      for (const error of io.failures) process.exitCode = await fail(error, name, resumes)
    } catch (error) {
      process.exitCode = await fail(error, name, resumes)
      if (io.json) await writeFailure(name, io.seed, error, resumes)
    }
  })
}
