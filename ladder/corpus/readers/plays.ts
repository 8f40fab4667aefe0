import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RawDocument } from '../document.js'
import { listFiles } from './files.js'

/** A play in Markdown to plain text: speakers as "NAME.", directions in brackets. */
export function plainPlay(markdown: string): string {
  return markdown
    .replace(/^\*\*([^*]+)\*\*\s*$/gm, '$1.')
    .replace(/\\([[\]])/g, '$1')
    .replace(/^_\[?([^_\]]+)\]?_\s*$/gm, '[$1]')
    .replace(/[*_]/g, '')
    .replace(/^#+ /gm, '')
    .replace(/ +$/gm, '')
}

/** Shakespeare's plays, one document per scene. */
export function* plays(root: string): Generator<RawDocument> {
  for (const path of listFiles(root, (p) => /plays\/.*\.md$/.test(p))) {
    const play = readFileSync(join(root, path), 'utf8')
    const name = path.split('/').at(-1)!.replace(/\.md$/, '')
    const scenes = play.split(/^(?=### )/m)
    for (const [i, scene] of scenes.entries()) {
      if (i === 0 || scene.length < 300) continue
      const text = plainPlay(scene.replace(/^## .*$/gm, ''))
      yield { id: `${name}/${i}`, title: `${name}, scene ${i}`, text }
    }
  }
}

/** Question-and-answer conversations in YAML; ten conversations of one file make a document. */
export function* conversations(root: string): Generator<RawDocument> {
  for (const path of listFiles(root, (p) => /data\/english\/.*\.yml$/.test(p))) {
    const turns = readFileSync(join(root, path), 'utf8').split(/^conversations:\s*$/m)[1] ?? ''
    const talks = turns
      .split(/^- - /m)
      .slice(1)
      .map((talk) =>
        talk
          .split(/^ {2}- /m)
          .map((turn) =>
            turn
              .replace(/\s+/g, ' ')
              .trim()
              .replace(/^[|>]-? /, '')
              .replace(/^(['"])(.*)\1$/, '$2')
              .replace(/''/g, "'"),
          )
          .filter((turn) => turn !== '')
          .map((turn, i) => `${i % 2 === 0 ? 'A' : 'B'}: ${turn}`)
          .join('\n'),
      )
    const name = path
      .split('/')
      .at(-1)!
      .replace(/\.yml$/, '')
    for (let i = 0; i < talks.length; i += 10) {
      yield { id: `${name}/${i / 10}`, title: name, text: talks.slice(i, i + 10).join('\n\n') }
    }
  }
}
