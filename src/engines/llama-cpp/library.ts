import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { GpuChoice } from '../engine.js'
import { raise } from '../errors.js'

/** Version of the packages that hold the library; the struct layouts are written for it. */
export const PACKAGE_VERSION = '3.22.1'

/** Folders and files of one build of llama.cpp. */
export interface LlamaLibrary {
  readonly gpu: 'cpu' | 'cuda' | 'vulkan' | 'metal'
  /** Folders whose ggml backends are registered, in order. */
  readonly backendFolders: readonly string[]
  /** ggml-base, ggml and llama, in the order in which they must be loaded. */
  readonly files: readonly [base: string, ggml: string, llama: string]
}

const CPU_PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'darwin-arm64': 'mac-arm64-metal',
  'darwin-x64': 'mac-x64',
  'win32-x64': 'win-x64',
  'win32-arm64': 'win-arm64',
}

/** GPU packages by platform, best first. */
const GPU_PACKAGES: Readonly<
  Record<string, readonly (readonly [gpu: 'cuda' | 'vulkan' | 'metal', name: string])[]>
> = {
  'linux-x64': [
    ['cuda', 'linux-x64-cuda'],
    ['vulkan', 'linux-x64-vulkan'],
  ],
  'win32-x64': [
    ['cuda', 'win-x64-cuda'],
    ['vulkan', 'win-x64-vulkan'],
  ],
  'darwin-arm64': [['metal', 'mac-arm64-metal']],
}

/** The folder with the binaries of an installed package; null when it is absent or an empty stand-in. */
function binaryFolder(name: string): string | null {
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(`@node-llama-cpp/${name}`)
  } catch {
    return null
  }
  const folder = join(dirname(dirname(entry)), 'bins', name)
  return existsSync(folder) ? folder : null
}

/** `libllama.so`, `libllama.v0.5.0.so`, `libllama.v0.5.0.dylib`, `llama.dll`… in one of the folders. */
function findFile(stem: string, folders: readonly string[]): string {
  const pattern = new RegExp(`^(lib)?${stem}(\\.v?[\\d.]+)?\\.(so|dylib|dll)$`)
  for (const folder of folders) {
    const file = readdirSync(folder).find((name) => pattern.test(name))
    if (file !== undefined) return join(folder, file)
  }
  throw raise('library-failed', `no ${stem} library among the package's files`, { path: folders[0] ?? '' })
}

/**
 * Locate the library for this machine.
 *
 * @throws {AssayError} `engines/unsupported-platform`, or `engines/missing-package` with the install command.
 */
export function locateLibrary(gpu: GpuChoice): LlamaLibrary {
  const platform = `${process.platform}-${process.arch}`
  const cpuPackage = CPU_PACKAGES[platform]
  if (cpuPackage === undefined) throw raise('unsupported-platform', `this is ${platform}`)
  const cpuFolder = binaryFolder(cpuPackage)

  for (const [kind, name] of gpu === 'off' ? [] : (GPU_PACKAGES[platform] ?? [])) {
    if (gpu !== 'auto' && gpu !== kind) continue
    const folder = binaryFolder(name)
    if (folder !== null)
      return library(kind, cpuFolder === null || cpuFolder === folder ? [folder] : [folder, cpuFolder])
    if (gpu === kind) throw missing(name)
  }
  if (gpu !== 'off' && gpu !== 'auto')
    throw raise('unsupported-platform', `there is no ${gpu} package for ${platform}`)
  if (cpuFolder === null) throw missing(cpuPackage)
  return library('cpu', [cpuFolder])
}

function missing(name: string) {
  return raise('missing-package', `run: npm install @node-llama-cpp/${name}@${PACKAGE_VERSION}`)
}

function library(gpu: LlamaLibrary['gpu'], folders: readonly string[]): LlamaLibrary {
  return {
    gpu,
    backendFolders: folders,
    files: [findFile('ggml-base', folders), findFile('ggml', folders), findFile('llama', folders)],
  }
}
