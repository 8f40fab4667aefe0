import type { Command } from 'commander'
import {
  gatesOf,
  judge,
  readEvidence,
  readPolicy,
  readReferences,
  type StoredEvidence,
} from '../../audit/index.js'
import type { Gate } from '../../core/index.js'
import { checkOutputs, collect, forTerminal, reportFiles, writeOutputs } from '../output.js'
import { addCommand, type Io, type Outcome } from '../run.js'
import { exitCodeOf } from '../verdict.js'
import { auditJson } from './audit.js'

interface JudgeOptions {
  readonly out?: string
  readonly output?: string[]
  readonly baseline?: string
  readonly reference?: string[]
  readonly policy?: string
}

async function judgeFolder(
  folder: string,
  options: JudgeOptions,
  io: Io,
  schema: string,
  chooseGates: (stored: StoredEvidence) => readonly Gate[],
): Promise<Outcome> {
  const files = [...(options.out === undefined ? [] : reportFiles(options.out)), ...(options.output ?? [])]
  checkOutputs(files)
  const stored = await readEvidence(folder)
  const recorded = gatesOf(stored)
  const baseline = options.baseline ?? recorded.baseline
  const result = judge(stored, chooseGates(stored), {
    references: await readReferences(options.reference ?? recorded.references),
    ...(io.givenSeed === undefined ? {} : { seed: io.givenSeed }),
    ...(baseline === undefined ? {} : { baseline: await readEvidence(baseline) }),
  })
  await writeOutputs(result, files, io)
  return {
    json: auditJson(result, folder, schema),
    text: forTerminal(result, io),
    exitCode: exitCodeOf(result),
  }
}

const withOutputs = (command: Command): Command =>
  command
    .option('--out <dir>', 'folder that receives report.html, report.json, report.md and junit.xml')
    .option('-o, --output <file>', 'write .html, .md, .json, .xml, .svg or .txt; repeatable', collect)
    .option('--baseline <dir>', 'evidence folder that max_drop gates are measured from')
    .option('--reference <evidence...>', 'audits of other models to show this one beside')

export function addJudge(program: Command): void {
  addCommand<JudgeOptions>(program, {
    name: 'judge <evidence>',
    description: 'the second half of an audit: judge recorded evidence again, off-line',
    example: 'assay judge assay-evidence',
    configure: withOutputs,
    run: (args, options, io) =>
      judgeFolder(args[0], options, io, 'assay/judge@1', (stored) => gatesOf(stored).gates),
  })
}

export function addGate(program: Command): void {
  addCommand<JudgeOptions & { policy: string }>(program, {
    name: 'gate <evidence>',
    description: 'hold a saved audit against other gates',
    example: 'assay gate assay-evidence --policy examples/gates/policy.yaml',
    configure: (command) => withOutputs(command).requiredOption('--policy <file>', 'YAML file with `gates:`'),
    run: (args, options, io) =>
      judgeFolder(args[0], options, io, 'assay/gate@1', () => readPolicy(options.policy)),
  })
}

export function addReport(program: Command): void {
  addCommand<JudgeOptions>(program, {
    name: 'report <evidence>',
    description: 'export a saved audit again, in any form',
    example: 'assay report assay-evidence -o report.html -o summary.md',
    configure: withOutputs,
    run: async (args, options, io) => {
      const outcome = await judgeFolder(
        args[0],
        options,
        io,
        'assay/report@1',
        (stored) => gatesOf(stored).gates,
      )
      return { ...outcome, exitCode: 0 }
    },
  })
}
