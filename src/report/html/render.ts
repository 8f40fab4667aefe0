import type { Result } from '../../core/index.js'
import { renderMarkdown } from '../markdown.js'
import { escapeMarkup } from '../text/safe.js'

/** A result as one self-contained HTML file: no script, no network, no external font. */
export async function renderHtml(result: Result): Promise<string> {
  return `<!doctype html><meta charset="utf-8"><title>${escapeMarkup(result.title)}</title><pre>${escapeMarkup(renderMarkdown(result))}</pre>\n`
}
