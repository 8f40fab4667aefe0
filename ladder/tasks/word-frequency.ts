/** Occurrences of every lower-case word in a text collection. */
export class WordFrequency {
  private readonly counts = new Map<string, number>()

  add(text: string): void {
    for (const word of wordsOf(text)) this.counts.set(word, (this.counts.get(word) ?? 0) + 1)
  }

  count(word: string): number {
    return this.counts.get(word.toLowerCase()) ?? 0
  }

  /** Mean natural logarithm of 1 + count over the words of a text; 0 for a text without words. */
  meanLog(text: string): number {
    const words = wordsOf(text)
    if (words.length === 0) return 0
    return words.reduce((sum, word) => sum + Math.log1p(this.count(word)), 0) / words.length
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
