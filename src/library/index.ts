/**
 * All of the library: what the seven parts below export. Import a part by itself (`assay-audit/core`, …) where
 * start-up time matters; `core`, `probes` and `report` run in a browser, too.
 *
 * @packageDocumentation
 */
export * from './audit.js'
export * from './core.js'
export * from './corpus.js'
export * from './engines.js'
export * from './ingest.js'
export * from './probes.js'
export * from './report.js'
