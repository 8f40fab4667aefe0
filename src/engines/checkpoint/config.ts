import { readFileSync } from 'node:fs'
import { messageOf } from '../../core/errors.js'
import { raise } from './errors.js'

/** A checkpoint's config.json, or a part of it. Its values are not trusted: each is asked for by the type that it must have. */
export class CheckpointConfig {
  constructor(
    private readonly values: Readonly<Record<string, unknown>>,
    readonly path: string,
  ) {}

  /** @throws {AssayError} `engines/bad-checkpoint-config` */
  static read(path: string): CheckpointConfig {
    try {
      const values: unknown = JSON.parse(readFileSync(path, 'utf8'))
      if (isRecord(values)) return new CheckpointConfig(values, path)
      throw new SyntaxError('it is no object')
    } catch (error) {
      throw raise('bad-checkpoint-config', messageOf(error), { path }, error)
    }
  }

  private first(keys: readonly string[]): { key: string; value: unknown } | undefined {
    const key = keys.find((name) => this.values[name] !== undefined && this.values[name] !== null)
    return key === undefined ? undefined : { key, value: this.values[key] }
  }

  bad(key: string, value: unknown, expected: string) {
    return raise('bad-checkpoint-config', `found ${JSON.stringify(value ?? null)}, expected ${expected}`, {
      path: this.path,
      field: key,
    })
  }

  /** A whole number of at least 1, under the first of the names that is there. */
  count(...keys: [string, ...string[]]): number {
    const found = this.optionalCount(...keys)
    if (found === undefined) throw this.bad(keys[0], undefined, 'a whole number above 0')
    return found
  }

  optionalCount(...keys: string[]): number | undefined {
    const found = this.first(keys)
    if (found === undefined) return undefined
    if (!Number.isSafeInteger(found.value) || Number(found.value) < 1)
      throw this.bad(found.key, found.value, 'a whole number above 0')
    return Number(found.value)
  }

  /** A number above 0. */
  real(...keys: [string, ...string[]]): number {
    const found = this.optionalReal(...keys)
    if (found === undefined) throw this.bad(keys[0], undefined, 'a number above 0')
    return found
  }

  optionalReal(...keys: string[]): number | undefined {
    const found = this.first(keys)
    if (found === undefined) return undefined
    if (typeof found.value !== 'number' || !(found.value > 0))
      throw this.bad(found.key, found.value, 'a number above 0')
    return found.value
  }

  flag(key: string, fallback: boolean): boolean {
    const value = this.values[key] ?? fallback
    if (typeof value !== 'boolean') throw this.bad(key, value, 'true or false')
    return value
  }

  text(...keys: string[]): string | undefined {
    const found = this.first(keys)
    return typeof found?.value === 'string' ? found.value : undefined
  }

  part(key: string): CheckpointConfig | undefined {
    const value = this.values[key]
    return isRecord(value) ? new CheckpointConfig(value, this.path) : undefined
  }

  reals(key: string): readonly number[] {
    const value = this.values[key]
    if (!Array.isArray(value) || !value.every((n) => typeof n === 'number'))
      throw this.bad(key, value, 'a list of numbers')
    return value as number[]
  }

  texts(key: string): readonly string[] | undefined {
    const value = this.values[key]
    return Array.isArray(value) && value.every((t) => typeof t === 'string') ? (value as string[]) : undefined
  }

  /** Token ids under a name: one, several or none. */
  ids(key: string): readonly number[] {
    return [this.values[key]].flat().filter((id): id is number => Number.isSafeInteger(id))
  }

  /**
   * The engine computes one of `known` only.
   *
   * @throws {AssayError} `engines/unsupported-checkpoint`
   */
  requireOneOf(key: string, known: readonly unknown[]): void {
    const value = this.values[key]
    if (!known.includes(value))
      throw this.unsupported(
        key,
        `found ${JSON.stringify(value)}, computed is ${known.map((v) => JSON.stringify(v) ?? 'its absence').join(' or ')}`,
      )
  }

  unsupported(key: string, why: string) {
    return raise('unsupported-checkpoint', why, { path: this.path, field: key })
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
