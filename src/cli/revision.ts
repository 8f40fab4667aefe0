/** The option that says which state of a model on the Hub is meant, as commander takes it. */
export const REVISION_OPTION = [
  '--revision <name>',
  'branch, tag or commit of a model on the Hub, as step3000 (default: main)',
] as const
