export { factId } from './fact-id.js'
export { OWN_FIELDS as FACT_FIELDS } from './foreign.js'
export { readFacts } from './read-facts.js'
