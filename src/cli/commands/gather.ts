import type { Command } from 'commander'
import { gather } from '../../audit/index.js'
import { addCommand } from '../run.js'
import { type GatherCliOptions, gatherOptionsOf, planOf, withGatherOptions } from './audit.js'

export function addGather(program: Command): void {
  addCommand<GatherCliOptions>(program, {
    name: 'gather [config-or-model]',
    description: 'the first half of an audit: record evidence, judge nothing',
    example: 'assay gather --evidence evidence',
    configure: withGatherOptions,
    run: async (args, options, io) => {
      const plan = planOf(args, options, io)
      await gather(plan, gatherOptionsOf(options, io))
      return {
        json: {
          schema: 'assay/gather@1',
          seed: plan.seed,
          inputs: [],
          findings: [],
          evidence: options.evidence,
        },
        text: `Evidence is in ${options.evidence}. Judge it with: assay judge ${options.evidence}`,
        exitCode: 0,
      }
    },
  })
}
