import { randomBytes } from 'node:crypto'
import { linkSync, readdirSync, statSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { errorText } from '../../../core/base/text/error-text'
import { isObject, parseJson } from '../../../core/base/parse-json'
import { fail, ok, type Result } from '../../../core/base/result'
import { errorCode } from '../files/error-code'
import { claimPipePath, readPipePath } from './pipe-path'
import { isPrivate, makeFolder, makeFolders, makePrivate } from '../files/private-folder'

/*
 * Only one program at a time may act on a data folder: write its journal, send actions and show alerts. It
 * holds a listening socket, which the system closes when the process ends in any way, so there is nothing to
 * clean up and there are no process ids or timestamps to compare.
 *
 * A socket file outlives its process. If a dead one were removed before it is replaced, two programs could
 * both succeed. So the sockets are numbered, and a program that finds the highest one dead links the next
 * number. A link can only be created once, so exactly one program wins; it removes the lower numbers. A
 * program whose number is no longer the highest acted on outdated information and starts over.
 */

/** Identifies the holder to programs that find the lock taken. */
export interface LockHolder {
  readonly program: 'app' | 'cli'
  readonly pid: number
  /** The version of the requests that it takes on this socket; absent: it takes none. */
  readonly protocol?: number
}

/** Serves the programs that connect to the lock. */
export interface LockService {
  readonly protocol: number
  /** Called with each connection after the greeting. It must read it, and keep one that says nothing open. */
  readonly accept: (socket: Socket, dataFolder: string) => void
}

export type LockClaim =
  | {
      readonly kind: 'held'
      /** Releases the lock. The end of the process releases it too. */
      readonly release: () => void
      /** Whether no other program took the lock meanwhile. Throws file system errors. */
      readonly isHeld: () => boolean
    }
  | {
      readonly kind: 'held-by-other'
      /** Null when the holder did not identify itself. */
      readonly holder: LockHolder | null
      /** Resolves when the holder ended or released the lock, or when `stopWaiting` was called. */
      readonly released: Promise<void>
      readonly stopWaiting: () => void
    }

const GREETING_TIMEOUT_MS = 1_000
const MAX_GREETING_CHARS = 1_000
const MAX_TRIES = 100
/** The shortest limit of all systems for the path of a socket (macOS), in bytes. */
const MAX_PATH_BYTES = 103

/** Takes the lock of a data folder if it is free. The error says why the lock cannot be used. */
export async function claimFolderLock(
  dataFolder: string,
  program: LockHolder['program'],
  service?: LockService,
): Promise<Result<LockClaim, string>> {
  try {
    makeFolders(dataFolder)
    const claim = process.platform === 'win32' ? claimPipe : claimSocket
    return ok(await claim(dataFolder, { program, service, dataFolder }))
  } catch (cause) {
    return fail(`The lock in ${dataFolder} cannot be used: ${errorText(cause)}`)
  }
}

/**
 * For a program that cannot use the lock: null when another one may hold it. Otherwise a check whether that is
 * still certain, which throws file system errors.
 */
export async function observeFreeLock(dataFolder: string): Promise<(() => boolean) | null> {
  if (process.platform === 'win32') return () => true
  const folder = socketFolder(dataFolder)
  try {
    const highest = highestNumber(folder)
    const probed = highest === 0 ? 'dead' : await probeSocket(join(folder, String(highest)))
    if (probed === 'dead') return () => highestNumber(folder) === highest
    if (probed !== 'gone') probed.stopWaiting()
  } catch {
    // What cannot be seen may be held.
  }
  return null
}

/** The program that claims the lock. */
interface Claimant {
  readonly dataFolder: string
  readonly program: LockHolder['program']
  readonly service: LockService | undefined
}

async function claimSocket(dataFolder: string, claimant: Claimant): Promise<LockClaim> {
  const folder = socketFolder(dataFolder)
  makeFolder(folder)
  // Whoever may connect may ask, so nobody is served in a folder that others can enter.
  const served = { ...claimant, service: makePrivate(folder) ? claimant.service : undefined }
  // The socket listens before it gets a number, so a number without a listener is dead.
  const temporaryPath = join(folder, `.${randomBytes(4).toString('hex')}`)
  if (Buffer.byteLength(temporaryPath) > MAX_PATH_BYTES)
    throw new Error('the path of the folder is too long.')
  const { server, release } = await listen(temporaryPath, served)
  let hasWon = false
  try {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const highest = highestNumber(folder)
      if (highest > 0) {
        const probed = await probeSocket(join(folder, String(highest)))
        if (probed === 'gone') continue
        if (probed !== 'dead') return probed
      }
      const ownPath = join(folder, String(highest + 1))
      if (!linkIfFree(temporaryPath, ownPath)) continue
      if (highestNumber(folder) === highest + 1) {
        removeBelow(folder, highest + 1)
        hasWon = true
        server.unref()
        const inode = inodeOf(ownPath)
        const isHeld = (): boolean => highestNumber(folder) === highest + 1 && inodeOf(ownPath) === inode
        return { kind: 'held', release, isHeld }
      }
      removeIfThere(ownPath)
    }
    throw new Error('other programs keep taking and releasing it.')
  } finally {
    if (!hasWon) release()
    removeIfThere(temporaryPath)
  }
}

/** Windows: a pipe has one first owner and disappears with it. */
async function claimPipe(dataFolder: string, claimant: Claimant): Promise<LockClaim> {
  const path = claimPipePath(dataFolder)
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      const { server, release } = await listen(path, claimant)
      server.unref()
      // A pipe cannot be taken from its first owner, but another name can take the place of this one.
      return { kind: 'held', release, isHeld: () => readPipePath(dataFolder) === path }
    } catch (cause) {
      if (errorCode(cause) !== 'EADDRINUSE' && errorCode(cause) !== 'EACCES') throw cause
    }
    const probed = await probeSocket(path)
    if (probed !== 'gone' && probed !== 'dead') return probed
  }
  throw new Error('other programs keep taking and releasing it.')
}

async function listen(
  path: string,
  { program, service, dataFolder }: Claimant,
): Promise<{ server: Server; release: () => void }> {
  const clients = new Set<Socket>()
  const holder: LockHolder = { program, pid: process.pid, ...(service && { protocol: service.protocol }) }
  const server = createServer((client) => {
    clients.add(client)
    client.unref()
    client.on('error', () => {}).on('close', () => clients.delete(client))
    // The connection stays open, so that the client notices when this process ends.
    client.write(`${JSON.stringify(holder)}\n`)
    if (service) service.accept(client, dataFolder)
    else client.resume()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  const release = (): void => {
    server.close()
    for (const client of clients) client.destroy()
  }
  return { server, release }
}

/** Connects to the socket at `path`. `dead` means that nothing listens, `gone` that there is no socket. */
function probeSocket(path: string): Promise<Extract<LockClaim, { kind: 'held-by-other' }> | 'dead' | 'gone'> {
  return new Promise((resolve, reject) => {
    const socket = connect(path)
    let greeting = ''
    let isAnswered = false
    const freed = new Promise<void>((resolveReleased) => {
      socket.once('close', () => resolveReleased())
    })
    const answer = (): void => {
      if (isAnswered) return
      isAnswered = true
      clearTimeout(timer)
      resolve({
        kind: 'held-by-other',
        holder: parseHolder(greeting),
        released: freed,
        stopWaiting: () => socket.destroy(),
      })
    }
    const timer = setTimeout(answer, GREETING_TIMEOUT_MS)
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      if (isAnswered) return
      greeting += String(text)
      if (greeting.includes('\n') || greeting.length > MAX_GREETING_CHARS) answer()
    })
    socket.on('error', (cause) => {
      if (isAnswered) return
      // A full queue means that a process is listening.
      if (errorCode(cause) === 'EAGAIN') return
      isAnswered = true
      clearTimeout(timer)
      if (errorCode(cause) === 'ECONNREFUSED') resolve('dead')
      else if (errorCode(cause) === 'ENOENT' || errorCode(cause) === 'ECONNRESET') resolve('gone')
      else reject(cause)
    })
    socket.on('end', answer)
  })
}

/** Null for anything but a greeting. */
export function parseHolder(greeting: string): LockHolder | null {
  const parsed = parseJson(greeting)
  if (!isObject(parsed)) return null
  const { program, pid, protocol } = parsed
  if ((program !== 'app' && program !== 'cli') || typeof pid !== 'number') return null
  return { program, pid, ...(typeof protocol === 'number' && { protocol }) }
}

const socketFolder = (dataFolder: string): string => join(dataFolder, 'writer')

/** Where the holder of the lock listens. */
export interface HolderAddress {
  readonly path: string
  /** Only programs of this user can listen there. */
  readonly isPrivate: boolean
}

/** Null when nobody can listen, or when others may have put a socket there. */
export function holderAddress(dataFolder: string): HolderAddress | null {
  try {
    if (process.platform === 'win32') {
      const path = readPipePath(dataFolder)
      return path === null ? null : { path, isPrivate: false }
    }
    const folder = socketFolder(dataFolder)
    const highest = highestNumber(folder)
    return highest > 0 && isPrivate(folder) ? { path: join(folder, String(highest)), isPrivate: true } : null
  } catch {
    return null
  }
}

/** Without a folder nobody holds the lock. */
function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[1-9]\d{0,14}$/.test(name))
      .map(Number)
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT' || errorCode(cause) === 'ENOTDIR') return []
    throw cause
  }
}

const highestNumber = (folder: string): number => Math.max(0, ...numbersIn(folder))

function removeBelow(folder: string, limit: number): void {
  for (const number of numbersIn(folder)) {
    try {
      if (number < limit) removeIfThere(join(folder, String(number)))
    } catch {
      // What cannot be removed, such as a folder, is no reason to give up the lock.
    }
  }
}

const inodeOf = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino

function linkIfFree(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (cause) {
    if (errorCode(cause) === 'EEXIST') return false
    throw cause
  }
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT') throw cause
  }
}
