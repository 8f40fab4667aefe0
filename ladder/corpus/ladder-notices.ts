import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fetchPackage } from './fetch-package.js'
import { packageNotice } from './notices.js'
import { SOURCES } from './sources.js'
import { normaliseText } from './text.js'

// Writes ladder/NOTICES.txt: the licence notices of every package whose text the ladder's files may quote.

const ladder = join(dirname(fileURLToPath(import.meta.url)), '..')
const packages = new Map(
  SOURCES.filter(({ ships }) => ships).map((source) => [`${source.client}:${source.package}`, source]),
)
const notices = [...packages.values()].map((source) =>
  packageNotice(source, fetchPackage(source, join(ladder, '.build', 'packages'))),
)
writeFileSync(join(ladder, 'NOTICES.txt'), `${normaliseText(notices.join('\n'))}\n`)
