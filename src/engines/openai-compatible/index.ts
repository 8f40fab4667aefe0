import type { Engine } from '../engine.js'
import { hubFile } from '../resolve/reference.js'
import { LARGEST_DRIFT } from './self-check.js'

/** Servers that speak OpenAI's completions interface, as vLLM and SGLang do. */
export const openAiCompatible: Engine = {
  id: 'openai-compatible',
  opens: 'http(s)://host:port/v1 of vLLM or SGLang',
  tolerance: LARGEST_DRIFT,
  claims: (location) =>
    location.kind === 'server' && hubFile(location.url) === undefined ? 'made for it' : null,
  async open(location, options) {
    if (location.kind !== 'server') throw new TypeError(`a server is no ${location.kind}`)
    const { openServers } = await import('./open.js')
    return openServers(location.url, options)
  },
}
