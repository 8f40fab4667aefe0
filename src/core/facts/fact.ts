/** A thing that a text can say: (subject, relation, object), with the other names of both. */
export interface Fact {
  /** Key of every table about facts; unique within a set. */
  readonly fact_id: string
  readonly subject: string
  readonly relation: string
  readonly object: string
  /** Other names of the object. */
  readonly aliases: readonly string[]
  /** Other names of the subject. */
  readonly subject_aliases: readonly string[]
  /** Empty where the source gives none. */
  readonly domain: string
}

/** A relation's paraphrases as the source ships them; `[X]` stands for the subject, `[Y]` for the object. */
export type TemplatesByRelation = ReadonlyMap<string, readonly string[]>

/** What a source wrote a template for: to follow solved examples, or to stand alone. */
export type TemplateUse = 'few-shot' | 'zero-shot'

/** Facts of one or more sources, ids unique. */
export interface FactSet {
  readonly facts: readonly Fact[]
  /** Templates that came with the facts (BEAR, LRE); empty for JSONL. */
  readonly templates: TemplatesByRelation
  /** By relation and template, where the source tells (LRE); all templates are asked either way. */
  readonly templateUses?: ReadonlyMap<string, ReadonlyMap<string, readonly TemplateUse[]>>
  /** What a reader left out of a published set, in words: repeated triples, for instance. */
  readonly notes: readonly string[]
}
