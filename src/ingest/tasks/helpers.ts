import type { HelperName } from '../../core/index.js'

/** Python functions of lm-evaluation-harness 0.4.13 that are done again here. */
export type PythonHelper = HelperName | 'hellaswag.process_docs'

/** Where a family of functions lies in the harness, what its own YAMLs call the file, and over which data. */
const FAMILIES: readonly {
  readonly family: string
  readonly module: string
  readonly beside: string
  readonly dataset: RegExp
  readonly functions: readonly string[]
}[] = [
  {
    family: 'hellaswag',
    module: 'lm_eval.tasks.hellaswag.utils',
    beside: 'utils',
    dataset: /^(Rowan\/)?hellaswag$/i,
    functions: ['process_docs'],
  },
  {
    family: 'winogrande',
    module: 'lm_eval.tasks.winogrande.preprocess_winogrande',
    beside: 'preprocess_winogrande',
    dataset: /^(allenai\/)?winogrande\b/i,
    functions: ['doc_to_text', 'doc_to_target', 'doc_to_choice'],
  },
  {
    family: 'copa',
    module: 'lm_eval.tasks.super_glue.copa.utils',
    beside: 'utils',
    dataset: /super_glue copa$/i,
    functions: ['doc_to_text', 'doc_to_target', 'doc_to_choice'],
  },
]

/**
 * The helper that a `!function` stands for: by its full module, or by the short name that the harness's own YAML uses
 * over its own data (`utils.process_docs` is another function in every folder).
 *
 * @param dataset  `dataset_path` and `dataset_name`, with a blank between
 */
export function helperOf(name: string, dataset: string): PythonHelper | undefined {
  const cut = name.lastIndexOf('.')
  const [module, own] = [name.slice(0, cut), name.slice(cut + 1)]
  const family = FAMILIES.find(
    (one) =>
      one.functions.includes(own) &&
      (module === one.module || (module === one.beside && one.dataset.test(dataset))),
  )
  return family === undefined ? undefined : (`${family.family}.${own}` as PythonHelper)
}
