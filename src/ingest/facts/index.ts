export { factId } from './fact-id.js'
export { parseFactsJsonl } from './jsonl.js'
export { readFacts } from './read-facts.js'
