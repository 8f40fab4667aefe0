import { defineErrors } from '../../core/index.js'

export const raise = defineErrors('benchmarks', {
  'same-name': {
    kind: 'input',
    title: 'A task is asked twice.',
    fix: 'Name each task once; ask other numbers of shots in runs of their own, other draws with --draws.',
  },
  'no-answers': {
    kind: 'input',
    title: 'Evidence holds no answers to benchmark tasks.',
    fix: 'Name tasks in its config (tasks: [agreement]) and gather it again, or compare audits with audits.',
  },
  'unnamed-items': {
    kind: 'input',
    title: 'Evidence does not tell which items were asked, so that they cannot be paired.',
    fix: 'Gather it again with this version, or pass the samples that assay choices --out writes.',
  },
  'cannot-generate': {
    kind: 'input',
    title: 'This engine cannot write text, which a task asks for.',
    fix: 'Use another engine, or leave out tasks whose output_type is generate_until.',
  },
})
