/**
 * One multiple-choice item. A choice continues the context as it stands: its leading blank belongs to it, and
 * a scorer joins the two without adding anything.
 */
export interface TaskItem {
  id: string
  task: string
  context: string
  choices: string[]
  gold: number
  /** Accuracy of a uniform guess, 1 / choices. */
  chance: number
  meta?: Record<string, string | number>
}
