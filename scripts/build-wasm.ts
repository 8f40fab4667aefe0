/** `npx tsx scripts/build-wasm.ts`: compile what is written in AssemblyScript into modules, so that a build needs no compiler. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const LINE = 104
const SHARED = '--importMemory --noExportMemory --sharedMemory --maximumMemory 65536 --enable threads'

/** What is compiled: where it stands, the module beside its folder, its constant there, more flags. */
export const PROGRAMS = [
  { source: 'src/corpus/embedded/assembly/matcher.ts', name: 'MATCHER_WASM', flags: SHARED },
  { source: 'src/core/corpus-profile/assembly/scan.ts', name: 'SCAN_WASM', flags: '' },
  { source: 'src/corpus/contamination/assembly/words.ts', name: 'WORDS_WASM', flags: '' },
  { source: 'src/corpus/readers/assembly/json-text.ts', name: 'JSON_TEXT_WASM', flags: '' },
] as const

/** `…/assembly/scan.ts` → `…/scan-wasm.ts` */
export function moduleOf(source: string): string {
  return join(dirname(dirname(source)), basename(source).replace('.ts', '-wasm.ts'))
}

/** A program's bytes in base64. */
export async function compile({ source, flags }: (typeof PROGRAMS)[number]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'assay-wasm-'))
  const out = join(folder, 'out.wasm')
  try {
    const all = `-O3 --runtime stub --noAssert --enable simd ${flags}`.trim().split(' ')
    const { error, stderr } = await asc.main([source, '-o', out, ...all])
    if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`)
    return readFileSync(out).toString('base64')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The text of a generated module. */
function toModule(name: string, source: string, base64: string): string {
  const lines = base64.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? []
  return `/** Compiled from assembly/${basename(source)} by scripts/build-wasm.ts; do not edit. */\nexport const ${name} = [\n${lines.map((line) => `  '${line}',\n`).join('')}].join('')\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const program of PROGRAMS)
    writeFileSync(moduleOf(program.source), toModule(program.name, program.source, await compile(program)))
