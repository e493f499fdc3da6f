/** Writes numbers and bytes one after the other. */
export interface ByteWriter {
  byte(value: number): void
  /** Little-endian, 4 bytes. */
  uint32(value: number): void
  /** A whole number from 0 to 2^53 in 1 to 8 bytes. */
  varint(value: number): void
  bytes(values: Uint8Array): void
  /** Any text, its UTF-16 code units as varints. */
  text(value: string): void
  done(): Uint8Array
}

export function createByteWriter(initialSize = 256): ByteWriter {
  let buffer = new Uint8Array(initialSize)
  let length = 0
  function reserve(count: number): void {
    if (length + count <= buffer.length) return
    const grown = new Uint8Array(Math.max(buffer.length * 2, length + count))
    grown.set(buffer)
    buffer = grown
  }
  function byte(value: number): void {
    reserve(1)
    buffer[length++] = value
  }
  function varint(value: number): void {
    let rest = value
    while (rest >= 0x80) {
      byte((rest % 0x80) | 0x80)
      rest = Math.floor(rest / 0x80)
    }
    byte(rest)
  }
  return {
    byte,
    uint32(value) {
      for (let shift = 0; shift < 32; shift += 8) byte((value >>> shift) & 0xff)
    },
    varint,
    text(value) {
      varint(value.length)
      for (let index = 0; index < value.length; index++) varint(value.charCodeAt(index))
    },
    bytes(values) {
      reserve(values.length)
      buffer.set(values, length)
      length += values.length
    },
    done: () => buffer.slice(0, length),
  }
}

/** Reads what a `ByteWriter` wrote. Beyond the end, and for what was not written by one, it throws a `RangeError`. */
export interface ByteReader {
  byte(): number
  uint32(): number
  varint(): number
  bytes(count: number): Uint8Array
  text(): string
  /** Reads a text and says whether it is this one. */
  isText(value: string): boolean
  left(): number
}

export function createByteReader(source: Uint8Array): ByteReader {
  let at = 0
  function byte(): number {
    const value = source[at]
    if (value === undefined) throw new RangeError('the data ends too early')
    at += 1
    return value
  }
  function varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const next = byte()
      value += (next & 0x7f) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw new RangeError('the number is too large')
      if (next < 0x80) return value
    }
  }
  return {
    byte,
    uint32() {
      let value = 0
      for (let shift = 0; shift < 32; shift += 8) value += byte() * 2 ** shift
      return value
    },
    varint,
    text() {
      const length = varint()
      if (length > source.length - at) throw new RangeError('the data ends too early')
      let value = ''
      for (let index = 0; index < length; index++) value += String.fromCharCode(varint())
      return value
    },
    bytes(count) {
      if (count > source.length - at) throw new RangeError('the data ends too early')
      at += count
      return source.subarray(at - count, at)
    },
    isText(value) {
      const length = varint()
      if (length > source.length - at) throw new RangeError('the data ends too early')
      let isSame = length === value.length
      for (let index = 0; index < length; index++) {
        const code = varint()
        isSame &&= code === value.charCodeAt(index)
      }
      return isSame
    },
    left: () => source.length - at,
  }
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

/** The CRC-32 of zlib and PNG. */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (value >>> 8) ^ (CRC_TABLE[(value ^ byte) & 0xff] ?? 0)
  return (value ^ 0xffffffff) >>> 0
}
