import { bytesOf, DISK_CHARS, fileOf, type Files, parentOf } from '../machine/files'
import type { Machine } from '../machine/machine'
import { openFlags, statuses } from './packets'

/** A reply other than what was asked for. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number) {
    super(`SFTP status ${status}`)
    this.status = status
  }
}

interface OpenFile {
  readonly path: string
  /** Its first `length` bytes are the content. */
  buffer: Buffer
  length: number
  /** Set if the file only represents a larger one. */
  readonly nominalBytes: number | null
  /** Unix seconds; null if nobody set it. */
  modifiedAtS: number | null
  isChanged: boolean
}

/** Of one reply. */
const MAX_READ_BYTES = 64 * 1024

/** The files that a client has open. What it writes is stored when it closes them, asks for that, or is gone. */
export class SftpFiles {
  readonly #machine: Machine
  readonly #files = new Map<string, OpenFile>()

  constructor(machine: Machine) {
    this.#machine = machine
  }

  get size(): number {
    return this.#files.size
  }

  open(handle: string, disk: Files, path: string, flags: number, modifiedAtS: number | null): void {
    const has = (flag: number): boolean => (flags & flag) !== 0
    const existing = disk.at(path)
    if (existing === null && !has(openFlags.create)) throw new Refusal(statuses.noSuchFile)
    if (existing?.kind === 'folder' || (existing !== null && has(openFlags.exclusive)))
      throw new Refusal(statuses.failure)
    if (existing?.kind === 'live' && has(openFlags.write)) throw new Refusal(statuses.permissionDenied)
    if (disk.at(parentOf(path))?.kind !== 'folder') throw new Refusal(statuses.noSuchFile)
    const isEmptied = existing === null || has(openFlags.truncate)
    const kept = existing?.kind === 'file' && !isEmptied ? existing : null
    const buffer = isEmptied ? Buffer.alloc(0) : bytesOf(existing)
    const file: OpenFile = {
      path,
      buffer,
      length: buffer.length,
      nominalBytes: kept?.sizeBytes ?? null,
      modifiedAtS: modifiedAtS ?? kept?.modifiedAtS ?? null,
      isChanged: isEmptied,
    }
    this.#store(file)
    this.#files.set(handle, file)
  }

  read(handle: string, offset: number, wanted: number): Buffer {
    const { buffer, length, nominalBytes } = this.#at(handle)
    const left = (nominalBytes ?? length) - offset
    if (left <= 0) throw new Refusal(statuses.endOfFile)
    const count = Math.min(wanted, MAX_READ_BYTES, left)
    return nominalBytes === null ? buffer.subarray(offset, offset + count) : Buffer.alloc(count)
  }

  write(handle: string, offset: number, data: Buffer): void {
    const file = this.#at(handle)
    const end = offset + data.length
    if (file.nominalBytes !== null || end > DISK_CHARS) throw new Refusal(statuses.failure)
    if (end > file.buffer.length) {
      const grown = Buffer.alloc(Math.min(DISK_CHARS, end * 2))
      file.buffer.copy(grown, 0, 0, file.length)
      file.buffer = grown
    }
    data.copy(file.buffer, offset)
    file.length = Math.max(file.length, end)
    file.isChanged = true
  }

  /** `modifiedAtS`: Unix seconds; null if nobody set it. */
  stat(handle: string): { readonly sizeBytes: number; readonly modifiedAtS: number | null } {
    const { length, nominalBytes, modifiedAtS } = this.#at(handle)
    return { sizeBytes: nominalBytes ?? length, modifiedAtS }
  }

  setTime(handle: string, modifiedAtS: number | null): void {
    const file = this.#at(handle)
    if (modifiedAtS === null || file.nominalBytes !== null) return
    file.modifiedAtS = modifiedAtS
    file.isChanged = true
  }

  sync(handle: string): void {
    this.#store(this.#at(handle))
  }

  /** Whether it was open. */
  close(handle: string): boolean {
    const file = this.#files.get(handle)
    this.#files.delete(handle)
    if (file !== undefined) this.#store(file)
    return file !== undefined
  }

  #store(file: OpenFile): void {
    if (!file.isChanged) return
    file.isChanged = false
    const disk = this.#machine.files
    // The pod is gone, or somebody removed the folder.
    if (disk?.at(parentOf(file.path))?.kind !== 'folder') return
    const added = file.length - bytesOf(disk.at(file.path)).length
    if (!disk.hasSpaceFor(added)) throw new Refusal(statuses.failure)
    const modifiedAtS = file.modifiedAtS ?? Math.floor(this.#machine.dateMs() / 1_000)
    disk.put(file.path, { ...fileOf(file.buffer.subarray(0, file.length)), modifiedAtS })
  }

  #at(handle: string): OpenFile {
    const file = this.#files.get(handle)
    if (file === undefined) throw new Refusal(statuses.failure)
    return file
  }
}
