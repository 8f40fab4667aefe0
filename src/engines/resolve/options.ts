import type { Fetch } from './remote.js'

/** A bar that can be drawn while a download runs. */
export interface DownloadProgress {
  update(done: number, total: number): void
  end(): void
}

/** How a reference to a model is followed; every field may be left out. */
export interface ResolveOptions {
  /** Never touch the network. */
  readonly offline?: boolean
  readonly signal?: AbortSignal
  /** Default: `$ASSAY_CACHE`, else the system's cache folder for this tool. */
  readonly cacheDir?: string
  readonly fetch?: Fetch
  progress?(label: string): DownloadProgress
}
