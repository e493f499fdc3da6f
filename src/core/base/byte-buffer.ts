/** Bytes that grow at their end, in as many steps as doubling takes, however small the parts are. */
export interface ByteBuffer {
  append(part: Uint8Array): void
  length(): number
  /** All of them, as a copy. */
  bytes(): Uint8Array
  clear(): void
}

export function createByteBuffer(): ByteBuffer {
  let held = new Uint8Array(0)
  let length = 0
  return {
    append(part) {
      if (length + part.length > held.length) {
        const larger = new Uint8Array(Math.max(2 * held.length, length + part.length))
        larger.set(held.subarray(0, length))
        held = larger
      }
      held.set(part, length)
      length += part.length
    },
    length: () => length,
    bytes: () => held.slice(0, length),
    clear() {
      // The memory of what was long is given back.
      held = new Uint8Array(0)
      length = 0
    },
  }
}
