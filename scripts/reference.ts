/**
 * Writes the reference of the library's exports, one page a part, to dist/reference/. Fails when an export has no
 * docstring, or when a type that an exported one mentions cannot be imported.
 *
 *   npm run reference
 */
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { ApiDeclaredItem, ApiDocumentedItem, type ApiItem, ApiModel } from '@microsoft/api-extractor-model'

const ROOT = join(import.meta.dirname, '..')
const PARTS = ['audit', 'core', 'corpus', 'engines', 'ingest', 'probes', 'report'] as const

/** Reached through `prepared`, `law`, `form` and `levels`: there to look into, not promised to stay as they are. */
const INNER = new Set([
  'AccuracyScale',
  'BackTest',
  'Extent',
  'FitData',
  'Fitted',
  'JudgedHeldOut',
  'Law',
  'Lesson',
  'Predict',
  'Progress',
  'RefitOptions',
  'Restart',
  'TaskDefinition',
])

/** What the library exports, as its compiled declarations say. */
export interface Reference {
  /** Markdown by part. */
  readonly pages: ReadonlyMap<string, string>
  /** Exports without a docstring. */
  readonly undocumented: readonly string[]
  /** Types that an exported declaration mentions and that nobody can import. */
  readonly unexported: readonly string[]
}

function extract(): { items: readonly ApiItem[]; unexported: string[] } {
  const entry = join(ROOT, 'dist/library/index.d.ts')
  const model = join(tmpdir(), `assay-reference-${process.pid}.api.json`)
  const unexported: string[] = []
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(ROOT, 'package.json'),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: entry,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2022',
            lib: ['es2023'],
            skipLibCheck: true,
            types: ['node'],
          },
          files: [entry],
        },
      },
      apiReport: { enabled: false },
      docModel: { enabled: true, apiJsonFilePath: model },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
    },
  })
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      const [, name = ''] = /^The symbol "(\w+)"/.exec(message.text) ?? []
      if (message.messageId === 'ae-forgotten-export' && !INNER.has(name)) unexported.push(name)
      // Docstrings follow docs of their own (STYLE of the house), not TSDoc's every rule.
      message.logLevel = ExtractorLogLevel.None
    },
  })
  const [entryPoint] = new ApiModel().loadPackage(model).entryPoints
  return { items: entryPoint?.members ?? [], unexported }
}

/** The docstring as it was written, without its frame of asterisks. */
function docOf(item: ApiItem): string {
  if (!(item instanceof ApiDocumentedItem) || item.tsdocComment === undefined) return ''
  return item.tsdocComment
    .emitAsTsdoc()
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\*\*|\*\/|\*) ?/, ''))
    .join('\n')
    .trim()
}

const signatureOf = (item: ApiItem): string =>
  item instanceof ApiDeclaredItem ? item.excerpt.text.trim() : ''

function entryOf(item: ApiItem): string {
  const members = item.members.map((member) => {
    const doc = docOf(member).split('\n').join('\n  ')
    return `- \`${signatureOf(member).replace(/;$/, '')}\`${doc === '' ? '' : `  \n  ${doc}`}`
  })
  const lines = [`## ${item.displayName}`, '', docOf(item), '', '```ts', signatureOf(item), '```']
  return [...lines, ...(members.length === 0 ? [] : ['', ...members])].join('\n')
}

/** Names that a part exports, as its own file lists them. */
function namesOf(part: string): ReadonlySet<string> {
  const text = readFileSync(join(ROOT, `src/library/${part}.ts`), 'utf8')
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(
    (match) => match[1]?.split(',') ?? [],
  )
  return new Set(lists.map((name) => name.trim().split(' ').at(-1) ?? '').filter((name) => name !== ''))
}

export function makeReference(): Reference {
  const { items, unexported } = extract()
  const pages = PARTS.map((part): [string, string] => {
    const names = namesOf(part)
    const own = items.filter((item) => names.has(item.displayName))
    const title = `# assay-audit/${part}\n\n\`import { … } from 'assay-audit/${part}'\`; all of it is in \`assay-audit\`, too.`
    return [part, `${[title, ...own.map(entryOf)].join('\n\n')}\n`]
  })
  return {
    pages: new Map(pages),
    undocumented: items.filter((item) => docOf(item) === '').map((item) => item.displayName),
    unexported,
  }
}

if (process.argv[1] === import.meta.filename) {
  const { pages, undocumented, unexported } = makeReference()
  await mkdir(join(ROOT, 'dist/reference'), { recursive: true })
  for (const [part, page] of pages) await writeFile(join(ROOT, `dist/reference/${part}.md`), page)
  for (const name of undocumented) console.error(`no docstring: ${name}`)
  for (const name of unexported) console.error(`mentioned by an export, but cannot be imported: ${name}`)
  if (undocumented.length + unexported.length > 0) process.exitCode = 1
}
