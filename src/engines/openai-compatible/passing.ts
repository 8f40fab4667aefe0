import type { AssayError } from '../../core/index.js'

/**
 * A failure that another attempt may mend. `overloaded`: the server asks for less; `lost`: no whole answer came; `strange`:
 * an answer came that cannot be one to this question.
 */
export class PassingFailure extends Error {
  constructor(
    readonly what: 'overloaded' | 'lost' | 'strange',
    message: string,
    /** Milliseconds that the server wants to be left alone. */
    readonly pause?: number,
    /** What to say where every attempt ends like this; otherwise that the server does not answer. */
    readonly verdict?: AssayError,
  ) {
    super(message)
  }
}
