/** A progress line with time left, on stderr, for everything that takes longer than two seconds. */
export interface Progress {
  update(done: number, total: number, note?: string): void
  end(): void
}

const WIDTH = 24
const QUIET_SECONDS = 2
const REDRAW_MS = 100

export const silentProgress: Progress = { update() {}, end() {} }

/** `1 h 05 min`, `2 min 10 s`, `12 s` */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds))
  if (s >= 3600)
    return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`
  if (s >= 60) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`
  return `${s} s`
}

/** A bar that redraws in place on a terminal; `label` names the work. */
export function createProgress(label: string, out: NodeJS.WriteStream): Progress {
  const started = performance.now()
  let drawn = 0
  let visible = false
  return {
    update(done, total, note = '') {
      const now = performance.now()
      const elapsed = (now - started) / 1000
      if (elapsed < QUIET_SECONDS || now - drawn < REDRAW_MS) return
      drawn = now
      visible = true
      const share = total > 0 ? Math.min(1, done / total) : 0
      const filled = Math.round(share * WIDTH)
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
      const left = share > 0.01 ? `${formatDuration((elapsed / share) * (1 - share))} left` : ''
      out.write(`\r\x1b[2K${label} ${bar} ${Math.round(100 * share)} % ${left} ${note}`.slice(0, 110))
    },
    end() {
      if (visible) out.write('\r\x1b[2K')
    },
  }
}
