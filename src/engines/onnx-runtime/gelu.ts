/** Architectures, by llama.cpp's names, whose feed-forward network has GELU; the others have SiLU. */
export const GELU: ReadonlySet<string> = new Set(['gemma2', 'gemma3', 'gptneox', 'gpt2'])
