import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The languages of the parallel text: name, BCP 47 code, and the declaration's file in the package. */
export const PARALLEL_LANGUAGES: ReadonlyArray<{ language: string; code: string; file: string }> = [
  { language: 'English', code: 'en', file: 'eng' },
  { language: 'French', code: 'fr', file: 'fra' },
  { language: 'German', code: 'de', file: 'deu_1996' },
  { language: 'Spanish', code: 'es', file: 'spa' },
  { language: 'Italian', code: 'it', file: 'ita' },
  { language: 'Portuguese', code: 'pt', file: 'por_PT' },
  { language: 'Polish', code: 'pl', file: 'pol' },
  { language: 'Russian', code: 'ru', file: 'rus' },
  { language: 'Greek', code: 'el', file: 'ell_monotonic' },
  { language: 'Turkish', code: 'tr', file: 'tur' },
  { language: 'Finnish', code: 'fi', file: 'fin' },
  { language: 'Hungarian', code: 'hu', file: 'hun' },
  { language: 'Arabic', code: 'ar', file: 'arb' },
  { language: 'Hebrew', code: 'he', file: 'heb' },
  { language: 'Hindi', code: 'hi', file: 'hin' },
  { language: 'Bengali', code: 'bn', file: 'ben' },
  { language: 'Tamil', code: 'ta', file: 'tam' },
  { language: 'Thai', code: 'th', file: 'tha' },
  { language: 'Vietnamese', code: 'vi', file: 'vie' },
  { language: 'Indonesian', code: 'id', file: 'ind' },
  { language: 'Swahili', code: 'sw', file: 'swh' },
  { language: 'Chinese', code: 'zh', file: 'cmn_hans' },
  { language: 'Japanese', code: 'ja', file: 'jpn' },
  { language: 'Korean', code: 'ko', file: 'kor' },
  { language: 'Georgian', code: 'ka', file: 'kat' },
  { language: 'Amharic', code: 'am', file: 'amh' },
]

/** The paragraphs of each of the declaration's thirty articles, without headings and item numbers. */
export function articles(html: string): string[][] {
  const bodies = [...html.matchAll(/<article data-number="(\d+)">([\s\S]*?)<\/article>/g)]
  return bodies.map((match) =>
    [...(match[2] ?? '').matchAll(/<(p|li)>([\s\S]*?)<\/\1>/g)].map((item) =>
      (item[2] ?? '')
        .replace(/<[^>]+>/g, ' ')
        .replace(/&quot;/g, '"')
        .replace(/&#39;|&apos;/g, "'")
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&amp;/g, '&')
        .replace(/\s+/g, ' ')
        .normalize('NFC')
        .trim(),
    ),
  )
}

/**
 * Aligns the translations: a line per paragraph where every language has as many of them in an article,
 * else one line for the whole article.
 *
 * @param translations articles of each language, in the same order of articles
 * @returns            lines of each language; all have the same number
 * @throws             {Error} when a translation lacks an article
 */
export function alignLines(translations: readonly string[][][]): string[][] {
  const count = translations[0]?.length ?? 0
  const short = translations.findIndex((translation) => translation.length !== count)
  if (short >= 0)
    throw new Error(`Translation ${short} has ${translations[short]?.length} articles, not ${count}.`)
  const sizes = Array.from(
    { length: count },
    (_, a) => new Set(translations.map((t) => t[a]?.length ?? 0)).size,
  )
  return translations.map((translation) =>
    translation.flatMap((paragraphs, a) => (sizes[a] === 1 ? paragraphs : [paragraphs.join(' ')])),
  )
}

/** The aligned lines of every language, from the unpacked package. */
export function parallelTexts(
  root: string,
): { language: string; code: string; file: string; lines: string[] }[] {
  const translations = PARALLEL_LANGUAGES.map(({ file }) =>
    articles(readFileSync(join(root, 'package/declaration', `${file}.html`), 'utf8')),
  )
  const aligned = alignLines(translations)
  return PARALLEL_LANGUAGES.map((entry, i) => ({ ...entry, lines: aligned[i] ?? [] }))
}
