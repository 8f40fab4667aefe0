export { QUALITY_RULES } from './rules.js'
export { DocumentScan } from './scan.js'
