import { type Random, shuffled } from '../../src/core/random/index.js'
import type { PlantedFact } from '../corpus/planted.js'
import { PLANTED_RELATIONS } from '../corpus/relations.js'
import { arrangeChoices } from './choices.js'
import type { TaskItem } from './task-item.js'

/** Prompts per fact. */
const TEMPLATES = 3

/**
 * Questions about planted facts: three of the relation's prompts per fact, and four of its objects. All objects
 * are planted equally often, so only what was said of the subject can tell.
 *
 * @param perLevel facts per relation and level
 */
export function plantedQuestions(
  task: string,
  facts: readonly PlantedFact[],
  perLevel: number,
  random: Random,
): TaskItem[] {
  const items: TaskItem[] = []
  for (const relation of PLANTED_RELATIONS) {
    const own = facts.filter((fact) => fact.relation === relation.id)
    for (const level of [...new Set(own.map((fact) => fact.level))].sort((a, b) => a - b)) {
      for (const fact of shuffled(
        own.filter((f) => f.level === level),
        random,
      ).slice(0, perLevel)) {
        const numbered = relation.templates.map((template, index) => ({ template, index }))
        for (const { template, index } of shuffled(numbered, random).slice(0, TEMPLATES)) {
          const others = relation.objects.filter((object) => object !== fact.object)
          const near = others.filter((object) => Math.abs(object.length - fact.object.length) <= 2)
          const wrong = shuffled(near.length >= 3 ? near : others, random).slice(0, 3)
          items.push({
            id: `${task}/${fact.id}/${index}`,
            task,
            context: template.replace('{subject}', fact.subject),
            ...arrangeChoices(
              ` ${fact.object}`,
              wrong.map((object) => ` ${object}`),
              random,
            ),
            chance: 1 / 4,
            meta: { fact_id: fact.id, relation: relation.id, template: index, level },
          })
        }
      }
    }
  }
  return items
}
