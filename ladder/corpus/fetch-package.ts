import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

export type Client = 'npm' | 'debian' | 'pypi'

export interface PackageName {
  client: Client
  package: string
  version: string
}

const INSTRUCTIONS: Record<Client, string> = {
  npm: 'npm (comes with Node.js)',
  debian: 'apt-get and dpkg-deb (a Debian or Ubuntu system; run `apt-get update` first)',
  pypi: 'python3 with pip',
}

function run(command: string, args: string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 26 })
}

function unpack(archive: string, folder: string): void {
  mkdirSync(folder, { recursive: true })
  if (archive.endsWith('.deb')) run('dpkg-deb', ['-x', archive, folder], '.')
  else if (/\.(whl|zip)$/.test(archive)) run('python3', ['-m', 'zipfile', '-e', archive, folder], '.')
  else run('tar', ['-xf', archive, '-C', folder], '.')
}

function download(name: PackageName, folder: string): void {
  if (name.client === 'npm') run('npm', ['pack', '--silent', `${name.package}@${name.version}`], folder)
  if (name.client === 'pypi')
    run(
      'python3',
      ['-m', 'pip', 'download', '-q', '--no-deps', '-d', '.', `${name.package}==${name.version}`],
      folder,
    )
  if (name.client === 'debian') {
    try {
      run('apt-get', ['download', `${name.package}=${name.version}`], folder)
    } catch {
      // Debian's archive keeps only the newest security build of a release: its text is the same or nearly so.
      process.stderr.write(
        `note: ${name.package} ${name.version} is not offered any more; taking the current build\n`,
      )
      run('apt-get', ['download', name.package], folder)
    }
  }
}

/**
 * Downloads a package with its registry's ordinary client and unpacks it, once.
 *
 * @returns the folder it was unpacked into
 * @throws  {Error} that names the package and the client to install
 */
export function fetchPackage(name: PackageName, cache: string): string {
  const folder = resolve(
    cache,
    name.client,
    `${name.package.replace('/', '+')}-${name.version.replace(/[:/]/g, '_')}`,
  )
  if (existsSync(folder)) return folder
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(resolve(cache), 'fetch-'))
  try {
    download(name, work)
    const archive = readdirSync(work)[0]
    if (archive === undefined) throw new Error('the client left no file')
    mkdirSync(resolve(folder, '..'), { recursive: true })
    unpack(join(work, archive), join(work, 'unpacked'))
    renameSync(join(work, 'unpacked'), folder)
  } catch (cause) {
    throw new Error(
      `Cannot fetch ${name.package} ${name.version}. Needed: ${INSTRUCTIONS[name.client]}, and the registry within reach.`,
      { cause },
    )
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}
