import type { Answer, Fact, ModelEvidence } from '../../core/index.js'
import type { DoneJob } from './gather-answers.js'
import { candidatesOf, readRanking } from './ranking.js'

/** Template name of answers that were summed over all templates. */
export const ALL_TEMPLATES = 'all'

function base(model: ModelEvidence, fact: Fact) {
  return {
    fact_id: fact.fact_id,
    model: model.name,
    params: model.params ?? null,
    relation: fact.relation,
    domain: fact.domain,
  }
}

function completionAnswers(model: ModelEvidence, { how, template, facts, result }: DoneJob): Answer[] {
  const byId = new Map(result.completions?.map((c) => [c.fact_id, c.completions]))
  return facts.flatMap((fact): Answer[] => {
    const completions = byId.get(fact.fact_id)
    if (completions === undefined || completions.length === 0 || how === 'ranking') return []
    return [
      {
        ...base(model, fact),
        template: template.text,
        reading: how,
        correct: completions.filter((c) => c.correct).length,
        total: completions.length,
        logprob: null,
        rank: null,
        candidates: null,
        confidence: null,
        answer: completions[0].text.trim(),
      },
    ]
  })
}

/** Sum of each fact's log-likelihoods over templates, in the order of its candidates. */
class TemplateSums {
  readonly #sums = new Map<string, { job: DoneJob; fact: Fact; sums: number[]; templates: number }>()

  add(job: DoneJob, fact: Fact, logLikelihoods: readonly number[]): void {
    const known = this.#sums.get(fact.fact_id)
    if (known === undefined)
      this.#sums.set(fact.fact_id, { job, fact, sums: [...logLikelihoods], templates: 1 })
    else {
      known.templates++
      logLikelihoods.forEach((ll, i) => {
        known.sums[i] += ll
      })
    }
  }

  answers(model: ModelEvidence): Answer[] {
    return [...this.#sums.values()].map(({ job, fact, sums, templates }) => {
      const candidates = candidatesOf(fact, job.task.pool)
      // Templates repeat one another, so their evidence is averaged, not multiplied, for the confidence.
      const { rank, best, confidence } = readRanking(sums, templates)
      return {
        ...base(model, fact),
        template: ALL_TEMPLATES,
        reading: 'ranking-summed',
        correct: rank === 1 ? 1 : 0,
        total: 1,
        logprob: sums[0],
        rank,
        candidates: candidates.length,
        confidence,
        answer: candidates[best],
      }
    })
  }
}

/** Rows of the answers table: one per fact, template and reading, and one per fact for the summed ranking. */
export function toAnswers(model: ModelEvidence, done: readonly DoneJob[]): Answer[] {
  const answers: Answer[] = []
  const sums = new TemplateSums()
  for (const job of done) {
    if (job.how !== 'ranking') {
      answers.push(...completionAnswers(model, job))
      continue
    }
    const byId = new Map(job.result.ranked?.map((r) => [r.fact_id, r.logLikelihoods]))
    for (const fact of job.facts) {
      const logLikelihoods = byId.get(fact.fact_id)
      const candidates = candidatesOf(fact, job.task.pool)
      // A fact whose relation leaves it without a rival cannot be wrong: that is no answer.
      if (logLikelihoods === undefined || candidates.length < 2) continue
      const { rank, best, confidence } = readRanking(logLikelihoods)
      sums.add(job, fact, logLikelihoods)
      answers.push({
        ...base(model, fact),
        template: job.template.text,
        reading: 'ranking',
        correct: rank === 1 ? 1 : 0,
        total: 1,
        logprob: logLikelihoods[0],
        rank,
        candidates: candidates.length,
        confidence,
        answer: candidates[best],
      })
    }
  }
  return [...answers, ...sums.answers(model)]
}
