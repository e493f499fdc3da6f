import { decodeName, encodeName } from '../../../core/files/file-name'
import { sftpError } from './sftp-error'

/*
 * Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02) with extensions of OpenSSH. ssh2's own client reads names
 * as UTF-8, so that files with other names could be neither fetched nor told apart.
 */

export const requests = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
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
} as const

export const openFlags = { read: 1, write: 2, create: 8, exclusive: 32 } as const

/** Attributes of a file; null for what the server left out. */
export interface SftpAttributes {
  /** Capped at the largest whole number that is exact. */
  readonly sizeBytes: number | null
  /** With the bits of the type. */
  readonly mode: number | null
  /** Unix seconds. */
  readonly modifiedAtS: number | null
}

const attributeFlags = { size: 1, owner: 2, mode: 4, times: 8, extended: 0x8000_0000 } as const

/** Bytes of a request. `name` is in the form of `decodeName`; one that has no bytes throws `bad-name`. */
export const part = {
  byte: (value: number): Buffer => Buffer.from([value]),
  uint32(value: number): Buffer {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(value >>> 0)
    return bytes
  },
  uint64(value: number): Buffer {
    const bytes = Buffer.alloc(8)
    bytes.writeBigUInt64BE(BigInt(value))
    return bytes
  },
  bytes: (value: Uint8Array): Buffer => Buffer.concat([part.uint32(value.length), value]),
  text: (value: string): Buffer => part.bytes(Buffer.from(value, 'latin1')),
  name(value: string): Buffer {
    const bytes = encodeName(value)
    if (bytes === null || bytes.includes(0)) throw sftpError('bad-name')
    return part.bytes(bytes)
  },
  attributes({ mode, modifiedAtS }: Pick<SftpAttributes, 'mode' | 'modifiedAtS'>): Buffer {
    const flags =
      (mode === null ? 0 : attributeFlags.mode) | (modifiedAtS === null ? 0 : attributeFlags.times)
    const times = modifiedAtS === null ? [] : [part.uint32(modifiedAtS), part.uint32(modifiedAtS)]
    return Buffer.concat([part.uint32(flags), ...(mode === null ? [] : [part.uint32(mode)]), ...times])
  },
}

/** A packet with its length. */
export function packet(type: number, ...parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, { length: bytes }) => sum + bytes, 1)
  return Buffer.concat([part.uint32(length), part.byte(type), ...parts])
}

/** Bytes before the data of a write. */
export const writeHeaderBytes = (handle: Buffer): number => 4 + 1 + 4 + 4 + handle.length + 8 + 4

/** Writes the header of a write before its data, which `whole` has already. */
export function fillWriteHeader(whole: Buffer, id: number, handle: Buffer, offset: number): void {
  let at = whole.writeUInt32BE(whole.length - 4, 0)
  at = whole.writeUInt8(requests.write, at)
  at = whole.writeUInt32BE(id, at)
  at = whole.writeUInt32BE(handle.length, at)
  at += handle.copy(whole, at)
  at = whole.writeBigUInt64BE(BigInt(offset), at)
  whole.writeUInt32BE(whole.length - at - 4, at)
}

/** Reads a reply from its beginning; throws `malformed` where it is shorter than it says. */
export class PacketReader {
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    return this.#take(1).readUInt8()
  }

  uint32(): number {
    return this.#take(4).readUInt32BE()
  }

  uint64(): number {
    const value = this.#take(8).readBigUInt64BE()
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
  }

  /** A part of the reply, not a copy. */
  bytes(): Buffer {
    return this.#take(this.uint32())
  }

  text(): string {
    return this.bytes().toString('utf8')
  }

  name(): string {
    return decodeName(this.bytes())
  }

  attributes(): SftpAttributes {
    const flags = this.uint32()
    const has = (flag: number): boolean => (flags & flag) !== 0
    const sizeBytes = has(attributeFlags.size) ? this.uint64() : null
    if (has(attributeFlags.owner)) this.#take(8)
    const mode = has(attributeFlags.mode) ? this.uint32() : null
    if (has(attributeFlags.times)) this.#take(4)
    const modifiedAtS = has(attributeFlags.times) ? this.uint32() : null
    if (has(attributeFlags.extended))
      for (let count = this.uint32(); count > 0; count -= 1) {
        this.bytes()
        this.bytes()
      }
    return { sizeBytes, mode, modifiedAtS }
  }

  #take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw sftpError('malformed')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }
}

/** Cuts a stream into packets without their lengths. Throws `malformed` for one above `maxBytes`. */
export function createPacketSplitter(
  maxBytes: number,
  onPacket: (bytes: Buffer) => void,
): (bytes: Buffer) => void {
  let parts: Buffer[] = []
  let received = 0
  let needed = 4
  return (bytes) => {
    parts.push(bytes)
    received += bytes.length
    while (received >= needed) {
      const [first = bytes] = parts
      const all = parts.length === 1 ? first : Buffer.concat(parts)
      parts = [all]
      const length = all.readUInt32BE()
      if (length < 1 || length > maxBytes) throw sftpError('malformed')
      needed = 4 + length
      if (received < needed) return
      parts = all.length === needed ? [] : [all.subarray(needed)]
      received -= needed
      const whole = all.subarray(4, needed)
      needed = 4
      onPacket(whole)
    }
  }
}
