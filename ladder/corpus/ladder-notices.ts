import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { EDITION } from '../edition.js'
import { fetchPackage } from './fetch-package.js'
import { packageNotice } from './notices.js'
import { normaliseText } from './text.js'

// Writes ladder/NOTICES.txt: the licence notices of every package whose text the ladder's files may quote.

const { root, build, sources } = EDITION
const packages = new Map(
  sources.filter(({ ships }) => ships).map((source) => [`${source.client}:${source.package}`, source]),
)
const notices = [...packages.values()].map((source) =>
  packageNotice(source, fetchPackage(source, join(build, 'packages'))),
)
writeFileSync(join(root, 'NOTICES.txt'), `${normaliseText(notices.join('\n'))}\n`)
