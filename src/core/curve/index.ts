export { joinPieces } from './join.js'
export { splitAppended } from './split.js'
