import { bytesOf, DISK_CHARS, type Files, parentOf, resolvePath, type SimulatedFile } from '../machine/files'
import type { Machine } from '../machine/machine'
import { SftpFiles, Refusal } from './sftp-files'
import {
  attributes,
  Packet,
  packet,
  packetsOf,
  replies,
  requests,
  statuses,
  text,
  uint32,
  uint64,
} from './packets'

const VERSION = 3
const FOLDER_MODE = 0o040_755
const FILE_MODE = 0o100_644
const MAX_HANDLES = 100
const NAMES_AT_A_TIME = 100
const DAY_MS = 86_400_000
/** As over a good line: at the speed of memory, nobody would see a transfer. */
const BYTES_PER_S = 20_000_000
/** How far ahead of its speed a transfer may be before it waits. */
const PACED_EVERY_MS = 20

/** With their versions. */
const extensions = ['posix-rename@openssh.com', '1', 'fsync@openssh.com', '1', 'statvfs@openssh.com', '2']

export interface SftpServerOptions {
  readonly machine: Machine
  /** Resolves when more can be written. */
  readonly write: (bytes: Buffer) => Promise<void>
  readonly wait: (ms: number) => Promise<void>
  /** Monotonic. */
  readonly nowMs: () => number
}

/** Serves the files of a pod until the client is gone. Throws for a client that doesn't speak SFTP. */
export async function serveSftp(stream: AsyncIterable<Buffer>, options: SftpServerOptions): Promise<void> {
  const session = new SftpSession(options.machine)
  let [sinceMs, bytes] = [options.nowMs(), 0]
  try {
    for await (const received of packetsOf(stream)) {
      const reply = session.reply(new Packet(received))
      bytes += received.length + reply.length
      const aheadMs = (bytes / BYTES_PER_S) * 1_000 - (options.nowMs() - sinceMs)
      if (aheadMs > PACED_EVERY_MS) await options.wait(aheadMs)
      // A pause is not made up for.
      if (aheadMs < 0) [sinceMs, bytes] = [options.nowMs(), 0]
      await options.write(reply)
    }
  } finally {
    session.end()
  }
}

type SftpReply = readonly [kind: number, ...parts: readonly Buffer[]]

class SftpSession {
  readonly #machine: Machine
  readonly #files: SftpFiles
  /** By handle, with the names that are still to be sent. */
  readonly #folders = new Map<string, { readonly path: string; names: readonly string[] }>()
  readonly #handles = new Set<string>()
  #lastHandle = 0

  constructor(machine: Machine) {
    this.#machine = machine
    this.#files = new SftpFiles(machine)
  }

  reply(request: Packet): Buffer {
    const type = request.byte()
    if (type === requests.init) return packet(replies.version, uint32(VERSION), ...extensions.map(text))
    const id = uint32(request.uint32())
    try {
      const answer = this.#answers[type]
      if (answer === undefined) throw new Refusal(statuses.unsupported)
      const [kind, ...parts] = answer(request)
      return packet(kind, id, ...parts)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return packet(replies.status, id, uint32(error.status), text(''), text(''))
    }
  }

  /** Stores what was written so far. */
  end(): void {
    for (const handle of this.#handles) this.#files.close(handle)
  }

  readonly #answers: Readonly<Record<number, (request: Packet) => SftpReply>> = {
    [requests.open]: (request) => {
      const [path, flags, modifiedAtS] = [this.#path(request), request.uint32(), request.modifiedAtS()]
      const handle = this.#newHandle()
      this.#files.open(handle, this.#disk(), path, flags, modifiedAtS)
      this.#handles.add(handle)
      return [replies.handle, text(handle)]
    },
    [requests.close]: (request) => {
      const handle = request.text()
      if (!this.#handles.delete(handle)) throw new Refusal(statuses.failure)
      if (!this.#folders.delete(handle)) this.#files.close(handle)
      return done
    },
    [requests.read]: (request) => [
      replies.data,
      text(this.#files.read(request.text(), request.uint64(), request.uint32())),
    ],
    [requests.write]: (request) => {
      this.#files.write(request.text(), request.uint64(), request.bytes())
      return done
    },
    [requests.stat]: (request) => this.#attributesAt(this.#path(request)),
    [requests.lstat]: (request) => this.#attributesAt(this.#path(request)),
    [requests.fstat]: (request) => {
      const { sizeBytes, modifiedAtS } = this.#files.stat(request.text())
      return [replies.attrs, attributes(sizeBytes, FILE_MODE, modifiedAtS ?? this.#defaultTimeS())]
    },
    [requests.setstat]: () => done,
    [requests.fsetstat]: (request) => {
      this.#files.setTime(request.text(), request.modifiedAtS())
      return done
    },
    [requests.opendir]: (request) => {
      const path = this.#path(request)
      if (this.#entryAt(path).kind !== 'folder') throw new Refusal(statuses.failure)
      const handle = this.#newHandle()
      this.#handles.add(handle)
      this.#folders.set(handle, { path, names: this.#disk().list(path) })
      return [replies.handle, text(handle)]
    },
    [requests.readdir]: (request) => {
      const folder = this.#folders.get(request.text())
      if (folder === undefined) throw new Refusal(statuses.failure)
      const names = folder.names.slice(0, NAMES_AT_A_TIME)
      if (names.length === 0) throw new Refusal(statuses.endOfFile)
      folder.names = folder.names.slice(NAMES_AT_A_TIME)
      const disk = this.#disk()
      const items = names.flatMap((name) => {
        const entry = disk.at(resolvePath(folder.path, name))
        return entry === null
          ? []
          : [Buffer.concat([text(name), text(longName(name, entry)), this.#attributesOf(entry)])]
      })
      return [replies.name, uint32(items.length), ...items]
    },
    [requests.remove]: (request) => {
      const path = this.#path(request)
      const { kind } = this.#entryAt(path)
      if (kind === 'folder') throw new Refusal(statuses.failure)
      if (kind === 'live') throw new Refusal(statuses.permissionDenied)
      this.#disk().remove(path)
      return done
    },
    [requests.mkdir]: (request) => {
      const path = this.#path(request)
      this.#mustHaveParent(path)
      if (this.#disk().at(path) !== null) throw new Refusal(statuses.failure)
      this.#disk().put(path, { kind: 'folder' })
      return done
    },
    [requests.rmdir]: (request) => {
      const path = this.#path(request)
      if (this.#entryAt(path).kind !== 'folder' || this.#disk().list(path).length > 0)
        throw new Refusal(statuses.failure)
      this.#disk().remove(path)
      return done
    },
    [requests.realpath]: (request) => {
      const path = text(this.#path(request))
      return [replies.name, uint32(1), path, path, uint32(0)]
    },
    [requests.rename]: (request) => {
      const [from, to] = [this.#path(request), this.#path(request)]
      if (this.#disk().at(to) !== null) throw new Refusal(statuses.failure)
      return this.#rename(from, to)
    },
    [requests.extended]: (request) => {
      const name = request.text()
      if (name === 'posix-rename@openssh.com') return this.#rename(this.#path(request), this.#path(request))
      if (name === 'statvfs@openssh.com') return this.#space()
      if (name !== 'fsync@openssh.com') throw new Refusal(statuses.unsupported)
      this.#files.sync(request.text())
      return done
    },
  }

  #rename(from: string, to: string): SftpReply {
    if (this.#entryAt(from).kind === 'live') throw new Refusal(statuses.permissionDenied)
    this.#mustHaveParent(to)
    if (this.#disk().at(to)?.kind === 'folder' || to.startsWith(`${from}/`))
      throw new Refusal(statuses.failure)
    if (from !== to) this.#disk().move(from, to)
    return done
  }

  /** In blocks of one byte. What follows the free ones is about files and flags. */
  #space(): SftpReply {
    const free = Math.max(0, DISK_CHARS - this.#disk().usedChars())
    return [replies.extended, ...[1, 1, DISK_CHARS, free, free, 0, 0, 0, 0, 0, 255].map(uint64)]
  }

  #path(request: Packet): string {
    return resolvePath(this.#machine.home, request.text())
  }

  #disk(): Files {
    const { files } = this.#machine
    if (files === null) throw new Error('The pod is gone.')
    return files
  }

  #entryAt(path: string): SimulatedFile {
    const entry = this.#disk().at(path)
    if (entry === null) throw new Refusal(statuses.noSuchFile)
    return entry
  }

  #mustHaveParent(path: string): void {
    if (this.#disk().at(parentOf(path))?.kind !== 'folder') throw new Refusal(statuses.noSuchFile)
  }

  #attributesAt(path: string): SftpReply {
    return [replies.attrs, this.#attributesOf(this.#entryAt(path))]
  }

  #attributesOf(entry: SimulatedFile): Buffer {
    if (entry.kind === 'folder') return attributes(4_096, FOLDER_MODE, this.#defaultTimeS())
    const timeS = entry.kind === 'file' ? entry.modifiedAtS : Math.floor(this.#machine.dateMs() / 1_000)
    return attributes(sizeOf(entry), FILE_MODE, timeS ?? this.#defaultTimeS())
  }

  /** Of what has no time of its own, in Unix seconds: 9:00 of the day before. */
  #defaultTimeS(): number {
    return (Math.floor(this.#machine.dateMs() / DAY_MS) * DAY_MS - 15 * 3_600_000) / 1_000
  }

  #newHandle(): string {
    if (this.#handles.size >= MAX_HANDLES) throw new Refusal(statuses.failure)
    this.#lastHandle += 1
    return String(this.#lastHandle)
  }
}

const done: SftpReply = [replies.status, uint32(statuses.ok), text(''), text('')]

const sizeOf = (entry: SimulatedFile): number =>
  (entry.kind === 'file' ? entry.sizeBytes : undefined) ?? bytesOf(entry).length

/** As a client shows it. */
const longName = (name: string, entry: SimulatedFile): string =>
  `${entry.kind === 'folder' ? 'drwxr-xr-x' : '-rw-r--r--'} 1 root root ${sizeOf(entry)} ${name}`
