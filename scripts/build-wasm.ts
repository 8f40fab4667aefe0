/** `npx tsx scripts/build-wasm.ts`: compile the matcher and write it as a module, so that a build needs no compiler. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const SOURCE = 'src/corpus/embedded/assembly/matcher.ts'
const TARGET = 'src/corpus/embedded/matcher-wasm.ts'
const LINE = 104

/** The module's bytes in base64. */
export async function compileMatcher(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-wasm-'))
  const out = join(folder, 'matcher.wasm')
  try {
    const flags =
      '-O3 --runtime stub --importMemory --noExportMemory --sharedMemory --maximumMemory 65536 --noAssert'
    const { error, stderr } = await asc.main([
      SOURCE,
      '-o',
      out,
      ...flags.split(' '),
      '--enable',
      'simd',
      '--enable',
      'threads',
    ])
    if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`)
    return readFileSync(out).toString('base64')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The text of the generated module. */
export function toModule(base64: string): string {
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return `/** Compiled from assembly/matcher.ts by scripts/build-wasm.ts; do not edit. */\nexport const MATCHER_WASM = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('')\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(TARGET, toModule(await compileMatcher()))
