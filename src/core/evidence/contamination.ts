/** What a training corpus holds of one benchmark item, fact or held-out text: a row of `assay corpus contamination`. */
export interface ItemInCorpus {
  /** Test set of the item, or domain of the text; empty where the table names none. */
  readonly task: string
  readonly item_id: string
  /** 1 where it does not stand in the corpus, 0 where it does, null where that cannot be decided. */
  readonly clean: number | null
}

/** What was looked up in the training corpus, once each. */
export interface ContaminationEvidence {
  readonly items: readonly ItemInCorpus[]
}
