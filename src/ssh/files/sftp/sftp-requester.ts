import type { Duplex } from 'node:stream'
import {
  createPacketSplitter,
  fillWriteHeader,
  packet,
  PacketReader,
  part,
  replies,
  requests,
  writeHeaderBytes,
} from './sftp-packets'
import { sftpError, SftpError, type SftpErrorKind, statusError } from './sftp-error'

/** More than OpenSSH's largest packet. */
const MAX_PACKET_BYTES = 300 * 1024
/** How long a server may be silent while it owes an answer, ms. */
const STALL_MS = 60_000
/** And while it writes a file to its disk, which may be a slow one. */
const SYNC_STALL_MS = 600_000

interface Pending {
  readonly reply: number
  resolve(reader: PacketReader): void
  reject(error: Error): void
}

/** Numbers requests and finds their answers. */
export interface Requester {
  /** Sends what is sent first, and awaits the version. */
  start(version: Buffer): Promise<PacketReader>
  /** The answer of that type, from behind its number. Throws an `SftpError` for any other. */
  readonly ask: (type: number, reply: number, ...parts: readonly Buffer[]) => Promise<PacketReader>
  /** As `ask`, for what a server may take minutes for, and the requests behind it. */
  readonly askToSync: Requester['ask']
  reserve(handle: Buffer, bytes: number): { readonly whole: Buffer; readonly data: Buffer }
  write(handle: Buffer, offset: number, whole: Buffer): Promise<void>
  readonly ended: Promise<void>
  readonly close: () => void
}

/** Ends the channel when the server breaks the protocol, or owes an answer and is silent for too long. */
export function createRequester(channel: Duplex): Requester {
  const pending = new Map<number, Pending>()
  const syncs = new Set<number>()
  let waitsForVersion: Pending | null = null
  let lastId = 0
  let endedBy: SftpErrorKind | null = null
  let settleEnded = (): void => {}
  const ended = new Promise<void>((resolve) => (settleEnded = resolve))
  let timer: NodeJS.Timeout | null = null

  const watch = (): void => {
    if (timer !== null) clearTimeout(timer)
    const isOwed = endedBy === null && (pending.size > 0 || waitsForVersion !== null)
    timer = isOwed ? setTimeout(() => end('stalled'), syncs.size > 0 ? SYNC_STALL_MS : STALL_MS) : null
  }

  function end(kind: SftpErrorKind): void {
    if (endedBy !== null) return
    endedBy = kind
    watch()
    for (const each of [...pending.values(), ...(waitsForVersion === null ? [] : [waitsForVersion])])
      each.reject(sftpError(kind))
    pending.clear()
    waitsForVersion = null
    channel.destroy()
    settleEnded()
  }

  function receive(bytes: Buffer): void {
    const reader = new PacketReader(bytes)
    const type = reader.byte()
    if (waitsForVersion !== null) {
      if (type !== replies.version) throw sftpError('malformed')
      waitsForVersion.resolve(reader)
      waitsForVersion = null
      return
    }
    const id = reader.uint32()
    const asked = pending.get(id)
    if (asked === undefined) throw sftpError('malformed')
    pending.delete(id)
    syncs.delete(id)
    const error = type === replies.status ? statusError(reader.uint32()) : null
    if (error !== null) asked.reject(error)
    else if (type === asked.reply) asked.resolve(reader)
    else {
      asked.reject(sftpError('malformed'))
      throw sftpError('malformed')
    }
  }

  const split = createPacketSplitter(MAX_PACKET_BYTES, receive)
  channel
    .on('data', (bytes: Buffer) => {
      if (endedBy !== null) return
      try {
        split(bytes)
        watch()
      } catch (error) {
        if (!(error instanceof SftpError)) throw error
        end('malformed')
      }
    })
    .on('error', () => end('lost'))
    .on('end', () => end('lost'))
    .on('close', () => end('lost'))
    .resume()

  async function send(
    reply: number,
    bytes: (id: number) => Buffer,
    settled: (asked: Pending, id: number) => void,
  ): Promise<PacketReader> {
    if (endedBy !== null) throw sftpError(endedBy)
    lastId = (lastId + 1) >>> 0
    const id = lastId
    const encoded = bytes(id)
    const answer = new Promise<PacketReader>((resolve, reject) => settled({ reply, resolve, reject }, id))
    if (timer === null) watch()
    channel.write(encoded)
    return answer
  }
  const register = (asked: Pending, id: number): void => void pending.set(id, asked)
  const registerSync = (asked: Pending, id: number): void => {
    syncs.add(id)
    register(asked, id)
  }

  return {
    start: (version) =>
      send(
        replies.version,
        () => packet(requests.init, version),
        (asked) => (waitsForVersion = asked),
      ),
    ask: (type, reply, ...parts) => send(reply, (id) => packet(type, part.uint32(id), ...parts), register),
    askToSync: (type, reply, ...parts) =>
      send(reply, (id) => packet(type, part.uint32(id), ...parts), registerSync),
    reserve(handle, bytes) {
      const header = writeHeaderBytes(handle)
      const whole = Buffer.allocUnsafe(header + bytes)
      return { whole, data: whole.subarray(header) }
    },
    async write(handle, offset, whole) {
      const fill = (id: number): Buffer => {
        fillWriteHeader(whole, id, handle, offset)
        return whole
      }
      await send(replies.status, fill, register)
    },
    ended,
    close: () => end('lost'),
  }
}
