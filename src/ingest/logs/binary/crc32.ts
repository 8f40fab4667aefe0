/** Slicing-by-4 tables of a polynomial, reflected. */
function tablesOf(polynomial: number): readonly Uint32Array[] {
  const tables = [0, 1, 2, 3].map(() => new Uint32Array(256))
  for (let n = 0; n < 256; n++) {
    let c = n
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ polynomial : c >>> 1
    tables[0][n] = c
  }
  for (let n = 0; n < 256; n++)
    for (let t = 1; t < 4; t++) tables[t][n] = (tables[t - 1][n] >>> 8) ^ tables[0][tables[t - 1][n] & 255]
  return tables
}

type Crc = (bytes: Uint8Array, from?: number, to?: number) => number

function crcOf(polynomial: number): Crc {
  const [t0, t1, t2, t3] = tablesOf(polynomial)
  return (bytes, from = 0, to = bytes.length) => {
    let c = 0xffffffff
    let i = from
    for (; i + 4 <= to; i += 4) {
      c ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24)
      c = t3[c & 255] ^ t2[(c >>> 8) & 255] ^ t1[(c >>> 16) & 255] ^ t0[c >>> 24]
    }
    for (; i < to; i++) c = (c >>> 8) ^ t0[(c ^ bytes[i]) & 255]
    return ~c >>> 0
  }
}

/** CRC-32 (ISO 3309, the one of gzip and PNG) of `bytes[from, to)`. */
export const crc32: Crc = crcOf(0xedb88320)

/** CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `bytes[from, to)`. */
export const crc32c: Crc = crcOf(0x82f63b78)

/** TFRecord's masked CRC: rotated right by 15 bits plus 0xa282ead8 (tensorflow/core/lib/hash/crc32c.h). */
export function maskedCrc32c(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const c = crc32c(bytes, from, to)
  return (((c >>> 15) | (c << 17)) + 0xa282ead8) >>> 0
}
