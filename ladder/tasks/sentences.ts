/** Sentences of prose: cut after . ! or ? before a blank and a capital; common titles and abbreviations do not end one. */
export function sentencesOf(paragraph: string): string[] {
  return paragraph
    .replace(/\s+/g, ' ')
    .split(
      /(?<![Mm]rs?\.|[DS][rt]\.|\b[Nn]o\.|\b[A-Z]\.|e\.g\.|i\.e\.|cf\.)(?<=[a-z0-9)"”’][.!?]["”’]?) (?=["“‘]?[A-Z])/,
    )
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '')
}
