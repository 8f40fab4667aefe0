/**
 * The fields of a protobuf message one after another; malformed bytes end it. One object walks a message, without making
 * an object a field.
 */
export class Fields {
  field = 0
  /** 0 a number, 1 and 5 eight and four bytes, 2 bytes of a length. */
  wire = 0
  /** Where the field's bytes stand, and a number's value; past 2^53 it loses precision, which no step does. */
  from = 0
  to = 0
  value = 0
  private at = 0
  private end = 0
  private bytes: Uint8Array = new Uint8Array(0)

  over(bytes: Uint8Array, from: number, to: number): this {
    this.bytes = bytes
    this.at = from
    this.end = to
    return this
  }

  private varint(): number {
    const { bytes, end } = this
    let value = 0
    let scale = 1
    while (this.at < end) {
      const byte = bytes[this.at++]
      value += (byte & 127) * scale
      if (byte < 128) return value
      scale *= 128
    }
    return Number.NaN
  }

  /** Go on to the next field; false at the end. */
  next(): boolean {
    if (this.at >= this.end) return false
    const tag = this.varint()
    this.field = Math.floor(tag / 8)
    this.wire = tag % 8
    if (this.wire === 0) {
      this.from = this.at
      this.value = this.varint()
    } else {
      const length = this.wire === 2 ? this.varint() : this.wire === 1 ? 8 : this.wire === 5 ? 4 : Number.NaN
      this.from = this.at
      this.at += length
    }
    this.to = this.at
    return this.at <= this.end
  }
}

/** Walk the fields of a protobuf message; malformed bytes end the walk. */
export function eachField(
  bytes: Uint8Array,
  from: number,
  to: number,
  each: (field: number, wire: number, from: number, to: number, value: number) => void,
): void {
  const fields = new Fields().over(bytes, from, to)
  while (fields.next()) each(fields.field, fields.wire, fields.from, fields.to, fields.value)
}
