import type { DocumentScan } from '../../core/index.js'

let detect: ((text: string) => string | undefined) | undefined

/** Load the detector: its tables take half a second, which commands that read no corpus do without. */
export async function loadDetector(): Promise<void> {
  detect ??= (await import('./n-gram-language.js')).languageOfText
}

/** A language that cannot be told, as of code, tables and very short texts (BCP 47). */
export const UNDETERMINED = 'und'

/** More of a document is not looked at. */
const SAMPLE_CHARACTERS = 200
/** English prose has 15 to 25 % of these terms; other languages borrow one or two of them. */
const ENGLISH_STOP_WORDS = 0.08
const ENGLISH_KINDS = 3

/** Scripts that one language in the corpus trade writes: what stands for them is a convention, told in docs/methods/corpus.md. */
const BY_SCRIPT: readonly (readonly [RegExp, string])[] = [
  [/[\p{scx=Hiragana}\p{scx=Katakana}]/gu, 'ja'],
  [/\p{sc=Hangul}/gu, 'ko'],
  [/\p{sc=Han}/gu, 'zh'],
  [/\p{sc=Greek}/gu, 'el'],
  [/\p{sc=Hebrew}/gu, 'he'],
  [/\p{sc=Thai}/gu, 'th'],
  [/\p{sc=Georgian}/gu, 'ka'],
  [/\p{sc=Armenian}/gu, 'hy'],
  [/\p{sc=Ethiopic}/gu, 'am'],
  [/\p{sc=Tamil}/gu, 'ta'],
  [/\p{sc=Telugu}/gu, 'te'],
  [/\p{sc=Kannada}/gu, 'kn'],
  [/\p{sc=Malayalam}/gu, 'ml'],
  [/\p{sc=Bengali}/gu, 'bn'],
  [/\p{sc=Gujarati}/gu, 'gu'],
  [/\p{sc=Gurmukhi}/gu, 'pa'],
  [/\p{sc=Khmer}/gu, 'km'],
  [/\p{sc=Lao}/gu, 'lo'],
  [/\p{sc=Myanmar}/gu, 'my'],
]
/** Japanese writes a third of its letters in kana at least; less of it is a name within Chinese. */
const KANA_SHARE = 0.1

/**
 * Language of a document (ISO 639-1), or `und`: English by its stop words, scripts of one language by the script, all
 * else by n-grams of a stretch from the middle.
 *
 * @param text the sample of {@link SAMPLE_CHARACTERS} or so, decoded
 */
function languageOf(scan: DocumentScan, text: () => string): string {
  if (scan.letters < 10) return UNDETERMINED
  const terms = scan.terms.length
  const kinds = bits(scan.stopWords)
  if (kinds >= ENGLISH_KINDS && scan.stopWordTerms >= ENGLISH_STOP_WORDS * terms && 2 * scan.singles < terms)
    return 'en'
  const whole = text()
  const from = Math.max(0, (whole.length - SAMPLE_CHARACTERS) >> 1)
  const sample = whole.slice(from, from + SAMPLE_CHARACTERS)
  if (
    /[\u0370-\u03ff\u0530-\u05ff\u0980-\u0dff\u0e00-\u0eff\u1000-\u139f\u1780-\u17ff\u3040-\ud7af]/.test(
      sample,
    )
  ) {
    const letters = sample.match(/\p{L}/gu)?.length ?? 0
    for (const [script, language] of BY_SCRIPT) {
      const here = sample.match(script)?.length ?? 0
      if (here > (language === 'ja' ? KANA_SHARE : 0.5) * letters) return language
    }
  }
  if (detect === undefined) throw new TypeError('the detector of languages is not loaded')
  return detect(sample) ?? UNDETERMINED
}

/** Language of the document `bytes[begin…end)`, whose scan this is. */
export function documentLanguage(scan: DocumentScan, bytes: Buffer, begin: number, end: number): string {
  return languageOf(scan, () => {
    const [from, to] = sampleRange(begin, end)
    return bytes.toString('utf8', from, to).replace(/^\ufffd+|\ufffd+$/g, '')
  })
}

/** The stretch of a document that its language is told from: the middle, where titles and menus are over. */
function sampleRange(begin: number, end: number): [number, number] {
  const bytes = 2 * SAMPLE_CHARACTERS
  const from = Math.max(begin, Math.floor((begin + end - bytes) / 2))
  return [from, Math.min(end, from + bytes)]
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
