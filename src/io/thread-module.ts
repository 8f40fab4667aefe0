/**
 * Where the module of a thread stands, beside the one that starts it: compiled, in the program's bundle, or for sources that run as
 * TypeScript (tests) in the build.
 *
 * @param from import.meta.url of the module that starts it
 * @param name without its ending, from there: `./count-worker`
 */
export function threadModule(from: string, name: string): URL {
  return new URL(`${name}.js`, from.endsWith('.ts') ? from.replace(/\/src\/(?!.*\/src\/)/, '/dist/') : from)
}
