import type { Command } from 'commander'
import { addAdapt } from './adapt.js'
import { addAudit } from './audit.js'
import { addBound } from './bound.js'
import { addChoices } from './choices.js'
import { addCompare } from './compare.js'
import { addCompletion } from './completion.js'
import { addInit, addValidate } from './config.js'
import { addCorpus } from './corpus.js'
import { addCurve } from './curve.js'
import { addFit } from './fit.js'
import { addForecast } from './forecast.js'
import { addGain } from './gain.js'
import { addGather } from './gather.js'
import { addGate, addJudge, addReport } from './judge.js'
import { addKnowledge } from './knowledge.js'
import { addLoss } from './loss.js'
import { addSalience } from './salience.js'
import { addTasks } from './tasks.js'
import { addTokenizer } from './tokenizer.js'

/** Every command of the program, in the order of `assay --help`. A command is one file and one line here. */
export const COMMANDS: readonly ((program: Command) => void)[] = [
  addAudit,
  addInit,
  addValidate,
  addGather,
  addJudge,
  addGate,
  addReport,
  addCompare,
  addTasks,
  addLoss,
  addTokenizer,
  addCurve,
  addForecast,
  addFit,
  addKnowledge,
  addCorpus,
  addBound,
  addSalience,
  addGain,
  addAdapt,
  addChoices,
  addCompletion,
]
