import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD, LADDER } from '../places.js'
import { fetchPackage } from './fetch-package.js'
import { packageNotice } from './notices.js'
import { SOURCES } from './sources.js'
import { normaliseText } from './text.js'

// Writes ladder/NOTICES.txt: the licence notices of every package whose text the ladder's files may quote.

const packages = new Map(SOURCES.map((source) => [`${source.client}:${source.package}`, source]))
const notices = [...packages.values()].map((source) =>
  packageNotice(source, fetchPackage(source, join(BUILD, 'packages'))),
)
writeFileSync(join(LADDER, 'NOTICES.txt'), `${normaliseText(notices.join('\n'))}\n`)
