import { isAbsolute, join, relative, sep } from 'node:path'
import { PACKAGE_ROOT } from '../audit/index.js'

/** Folders of the package that examples take files from. */
const SHIPPED = /^(examples|facts|ladder|models|texts)\//

/** From where a command's help is read. */
interface Here {
  readonly cwd: string
  /** `process.argv[1]`: the script that runs. */
  readonly script: string
  readonly root?: string
}

/** How the program was called: `./assay` in a clone, `npx assay` from a project's own packages, else `assay`. */
function programName({ cwd, script, root = PACKAGE_ROOT }: Here): string {
  if (script === join(root, 'assay') && cwd === root) return './assay'
  return script.startsWith(join(cwd, 'node_modules') + sep) ? 'npx assay' : 'assay'
}

/** A shipped file as it is reached from `cwd`: in a clone as it stands, below a project relative, elsewhere in full. */
function pathFrom(word: string, { cwd, root = PACKAGE_ROOT }: Here): string {
  const full = join(root, word)
  const near = relative(cwd, full)
  const path = near.startsWith('..') || isAbsolute(near) ? full : near
  // A glob is left to the shell, so only what else the shell would break is quoted.
  return /[\s'"$&();<>|\\]/.test(path) ? `'${path.replaceAll("'", String.raw`'\''`)}'` : path
}

/** A help's example, written for a clone's own folder, as it runs where the help is read. */
export function exampleHere(example: string, here: Here): string {
  const [, ...words] = example.split(' ')
  const told = words.map((word) => (SHIPPED.test(word) ? pathFrom(word, here) : word))
  return [programName(here), ...told].join(' ')
}
