export { factId } from './fact-id.js'
export { readFacts } from './read-facts.js'
