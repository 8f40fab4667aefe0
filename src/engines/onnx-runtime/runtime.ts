import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { messageOf } from '../../core/errors.js'
import { raise } from '../errors.js'

/** Of onnxruntime-node what is used of it. */
export interface Runtime {
  readonly Tensor: new (
    type: 'float32' | 'int64',
    data: Float32Array | BigInt64Array,
    shape: readonly number[],
  ) => Tensor
  readonly InferenceSession: {
    create(model: Uint8Array, options: object): Promise<RuntimeSession>
  }
  readonly env: { readonly versions: { readonly node?: string } }
}

export interface Tensor {
  readonly dims: readonly number[]
  readonly data: Float32Array | BigInt64Array
}

export interface RuntimeSession {
  run(
    feeds: Readonly<Record<string, Tensor>>,
    outputs: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>
  release(): Promise<void>
}

const PACKAGE = 'onnxruntime-node'
export const INSTALL = `npm install ${PACKAGE} --ignore-scripts`

/** The package that the user installed beside this one, or where the command runs; null without one. */
function locate(): string | null {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')])
    try {
      return createRequire(from).resolve(PACKAGE)
    } catch {
      // The next place is asked.
    }
  return null
}

export const isInstalled = (): boolean => locate() !== null

/** @throws {AssayError} `engines/library-failed` where the package cannot be loaded */
export async function loadRuntime(): Promise<Runtime> {
  const path = locate()
  try {
    if (path === null) throw new Error(`the package is not installed: ${INSTALL}`)
    return createRequire(path)(path) as Runtime
  } catch (error) {
    throw raise('library-failed', `ONNX Runtime: ${messageOf(error)}`, {}, error)
  }
}

/** Open a graph whose weights lie in a file; the runtime takes them from the file's own folder alone. */
export async function openSession(
  runtime: Runtime,
  graph: Uint8Array,
  weights: string,
  threads: number,
): Promise<RuntimeSession> {
  try {
    return await runtime.InferenceSession.create(graph, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      // Lengths change from pass to pass.
      enableMemPattern: false,
      logSeverityLevel: 3,
      extra: { session: { model_external_initializers_file_folder_path: dirname(weights) } },
    })
  } catch (error) {
    const why = messageOf(error)
    throw raise(
      'library-failed',
      `ONNX Runtime does not take the graph of ${basename(weights)}: ${why}`,
      {},
      error,
    )
  }
}
