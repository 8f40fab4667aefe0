export { type ContextCurve, contextCurve } from './context-gain.js'
export { type Claim, planCounterfactual } from './counterfactual.js'
export {
  type MeasuredAdaptation,
  type MeasuredTask,
  measureAdaptation,
  type ShotPoint,
} from './measure.js'
export { planRules, RULE_KINDS } from './rules.js'
export { planTask, type TaskItem } from './task-items.js'
export { CONTROLLED, DEFAULT_SHOTS, readScores, type TaskPlan, type Trial } from './trial.js'
