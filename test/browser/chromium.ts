import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where a browser is: $ASSAY_CHROMIUM, or where Debian puts it. */
export const CHROMIUM = process.env.ASSAY_CHROMIUM ?? '/usr/bin/chromium'
export const hasChromium = existsSync(CHROMIUM)
export const HOW_TO = hasChromium
  ? ''
  : ` (skipped: no browser at ${CHROMIUM}; apt-get install chromium, or name one in ASSAY_CHROMIUM)`

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: ['--no-sandbox'] })
}
