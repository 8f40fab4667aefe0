import { join } from 'node:path'
import type { PackageName } from './fetch-package.js'
import { listFiles, readText } from './readers/files.js'

const NOTICE = /(^|\/)(licen[cs]e|copying|copyright)(\.(txt|md))?$/i

/**
 * The licence texts that a package carries, to be passed on with its text. Where it has no such file, the
 * head of its metadata, which names author and licence.
 */
export function packageNotice(name: PackageName, root: string): string {
  const files = listFiles(
    root,
    (path) => NOTICE.test(path) && !/contrib|static|crypto|vendor\/golang|unicode/.test(path),
  )
  const texts = files.map((path) => readText(join(root, path)).trim())
  const [metadata] =
    files.length > 0
      ? []
      : listFiles(root, (path) => /(\.dist-info\/METADATA|^package\/package\.json)$/.test(path))
  if (metadata !== undefined) {
    const lines = readText(join(root, metadata)).split(/\n\n/)[0] ?? ''
    texts.push(
      lines
        .split('\n')
        .filter((line) =>
          /^(Name|Version|Home-page|Author|License|Classifier: License)|"(name|license|repository|author)"/.test(
            line.trim(),
          ),
        )
        .join('\n'),
    )
  }
  const title = `${name.client} ${name.package} ${name.version}`
  return [title, '='.repeat(title.length), '', [...new Set(texts)].join('\n\n---\n\n'), '', ''].join('\n')
}
