import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { locateLibrary } from '../../src/engines/llama-cpp/library.js'

/** The C compiler to use. */
const compiler = process.env.CC ?? 'gcc'

const quiet = { stdio: 'pipe' } as const

/** Why the reference program cannot be built here; undefined when it can. */
export function referenceUnavailable(): string | undefined {
  if (process.platform !== 'linux') return 'the reference program is built on Linux only'
  for (const tool of [compiler, 'git'])
    try {
      execFileSync(tool, ['--version'], quiet)
    } catch {
      return `${tool} is missing`
    }
  return bundle() === null ? 'the source of llama.cpp inside node-llama-cpp is missing' : undefined
}

/** The git bundle with llama.cpp's source that node-llama-cpp ships. */
function bundle(): string | null {
  const entry = createRequire(import.meta.url).resolve('node-llama-cpp')
  const path = join(dirname(dirname(entry)), 'llama', 'gitRelease.bundle')
  return existsSync(path) ? path : null
}

/**
 * Compile reference.c against the headers in node-llama-cpp's source bundle and the library that the engine uses.
 *
 * @returns token ids → ln p of all but the first, as the C program computes them in one sequence
 */
export function buildReference(): (model: string, tokens: Int32Array, batch: number) => Float64Array {
  const folder = mkdtempSync(join(tmpdir(), 'assay-reference-'))
  const source = join(folder, 'source')
  execFileSync('git', ['clone', '--quiet', bundle() ?? '', source], quiet)
  const { files, backendFolders } = locateLibrary('off')
  const program = join(folder, 'reference')
  const code = fileURLToPath(new URL('reference.c', import.meta.url))
  const include = [`-I${source}/include`, `-I${source}/ggml/include`]
  execFileSync(
    compiler,
    ['-O2', code, ...include, ...files.toReversed(), `-Wl,-rpath,${dirname(files[2])}`, '-lm', '-o', program],
    quiet,
  )
  return (model, tokens, batch) => {
    const output = execFileSync(program, [model, String(batch), '1', backendFolders[0]!], {
      input: tokens.join('\n'),
      encoding: 'utf8',
    })
    return Float64Array.from(
      output
        .trim()
        .split('\n')
        .filter((line) => line !== ''),
      Number,
    )
  }
}
