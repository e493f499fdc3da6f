/*
 * SFTP version 3 (draft-ietf-secsh-filexfer-02) as a server sees it. ssh2's own server can't offer the extensions of
 * OpenSSH, without which no file is replaced in one step.
 */

export const requests = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  extended: 200,
} as const

export const replies = {
  version: 2,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 201,
}

export const statuses = {
  ok: 0,
  endOfFile: 1,
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  unsupported: 8,
}

export const openFlags = { read: 1, write: 2, append: 4, create: 8, truncate: 16, exclusive: 32 } as const

const attributeFlags = { size: 1, owner: 2, mode: 4, times: 8 } as const

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export const uint64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

export const text = (value: string | Uint8Array): Buffer =>
  Buffer.concat([uint32(Buffer.byteLength(value)), Buffer.from(value)])

/** `modifiedAtS`: Unix seconds. */
export const attributes = (sizeBytes: number, mode: number, modifiedAtS: number): Buffer =>
  Buffer.concat([
    uint32(attributeFlags.size | attributeFlags.mode | attributeFlags.times),
    uint64(sizeBytes),
    uint32(mode),
    uint32(modifiedAtS),
    uint32(modifiedAtS),
  ])

/** A packet with its length. */
export function packet(type: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat([Buffer.from([type]), ...parts])
  return Buffer.concat([uint32(content.length), content])
}

/** Reads a packet from its beginning. Throws a `RangeError` where it is shorter than it says. */
export class Packet {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  byte(): number {
    return this.#take(1).readUInt8()
  }

  uint32(): number {
    return this.#take(4).readUInt32BE()
  }

  uint64(): number {
    return Number(this.#take(8).readBigUInt64BE())
  }

  bytes(): Buffer {
    return this.#take(this.uint32())
  }

  text(): string {
    return this.bytes().toString()
  }

  /** When the file was changed, in Unix seconds; null if that isn't among its attributes. */
  modifiedAtS(): number | null {
    const flags = this.uint32()
    for (const [flag, bytes] of [
      [attributeFlags.size, 8],
      [attributeFlags.owner, 8],
      [attributeFlags.mode, 4],
    ] as const)
      if ((flags & flag) !== 0) this.#take(bytes)
    if ((flags & attributeFlags.times) === 0) return null
    this.#take(4)
    return this.uint32()
  }

  #take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new RangeError('The packet is too short.')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }
}

const MAX_PACKET_BYTES = 300 * 1024

/** Cuts a stream into packets without their lengths. Throws a `RangeError` for one that is too long. */
export async function* packetsOf(stream: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const bytes of stream) {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes])
    while (rest.length >= 4) {
      const length = rest.readUInt32BE()
      if (length > MAX_PACKET_BYTES) throw new RangeError('The packet is too long.')
      if (rest.length < 4 + length) break
      yield rest.subarray(4, 4 + length)
      rest = rest.subarray(4 + length)
    }
  }
}
