import { createHash, randomBytes } from 'node:crypto'
import { open } from 'node:fs/promises'
import { errorText } from '../../core/base/text/error-text'
import { fail, ok, type Result } from '../../core/base/result'
import type { ResultFile } from '../../core/queue/host/job-host'
import { fetchScript, uploadCommand } from '../../core/queue/host/job-scripts'
import type { SshShell, SshTarget } from '../connection/ssh-shell'
import type { OpenScript } from '../run/open-script'
import type { RunFailure } from '../run/run-failure'
import { createResultFile } from './result-file'

/** A transfer is given up when nothing moves for this long, ms. */
const STALL_MS = 60_000
const CHUNK_BYTES = 64 * 1024
/** Bytes that wait for the disk, or for the server, before the other side has to wait. */
const MAX_WAITING_BYTES = 2 * 1024 * 1024
/** What a pod may print before its reply. */
const MAX_GREETING_BYTES = 64 * 1024

/** What went wrong: the connection, or a sentence. */
export type JobTransferFailure = RunFailure | string

export interface JobTransferOptions {
  readonly openScript: OpenScript
  readonly target: SshTarget
  readonly root: string
}

/** Sends a file of this computer into the folder of an upload, and checks what arrived. */
export async function uploadFile(
  { openScript, target, root }: JobTransferOptions,
  uploadId: string,
  file: { readonly name: string; readonly path: string },
): Promise<Result<void, JobTransferFailure>> {
  const handle = await open(file.path, 'r').catch((error: unknown) => errorText(error))
  if (typeof handle === 'string') return fail(`${file.name} can't be read: ${handle}.`)
  try {
    const stat = await handle.stat()
    if (!stat.isFile()) return fail(`${file.name} isn't a file.`)
    const marker = newMarker()
    const command = uploadCommand(root, uploadId, file.name, stat.size, marker)
    return await withShell(openScript, target, command, async (shell, watchdog) => {
      let reply = ''
      shell.onData(
        (bytes) => (reply = (reply + Buffer.from(bytes).toString('latin1')).slice(-MAX_GREETING_BYTES)),
      )
      const ended = new Promise<void>((resolve) => shell.onEnd(() => resolve()))
      const hash = createHash('sha256')
      let sent = 0
      const buffer = Buffer.alloc(CHUNK_BYTES)
      while (sent < stat.size && !watchdog.isOver()) {
        const { bytesRead } = await handle.read(buffer, 0, Math.min(CHUNK_BYTES, stat.size - sent))
        if (bytesRead === 0) return fail(`${file.name} became shorter while it was sent.`)
        const chunk = Buffer.from(buffer.subarray(0, bytesRead))
        hash.update(chunk)
        shell.write(chunk)
        sent += bytesRead
        for (let waiting = Infinity; shell.unsentBytes() > MAX_WAITING_BYTES && !watchdog.isOver();) {
          if (shell.unsentBytes() < waiting) watchdog.moved()
          waiting = shell.unsentBytes()
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      }
      await Promise.race([ended, watchdog.over])
      const found = new RegExp(`<${marker}>\\s*(\\d+)\\s+([0-9a-f]{64})?`).exec(reply)
      if (found === null) return fail(watchdog.failure(`${file.name} did not arrive on the pod.`))
      const isWhole =
        Number(found[1]) === stat.size && (found[2] ?? hash.copy().digest('hex')) === hash.digest('hex')
      return isWhole ? ok(undefined) : fail(`${file.name} did not arrive whole: the pod's disk may be full.`)
    })
  } finally {
    await handle.close().catch(() => {})
  }
}

/**
 * Fetches a result into a new file inside `folder`. Returns its path. What was received when the connection is lost is
 * not fetched again.
 */
export async function fetchFile(
  { openScript, target, root }: JobTransferOptions,
  jobId: string,
  file: ResultFile,
  folder: string,
  onProgress: (receivedBytes: number) => void,
): Promise<Result<string, JobTransferFailure>> {
  const marker = newMarker()
  const checked = fetchScript(root, jobId, file.name, 0, marker)
  if (!checked.ok) return checked
  const created = await createResultFile(folder, file)
  if (!created.ok) return created
  if ('here' in created.value) return ok(created.value.here)
  const result = created.value
  const script = fetchScript(root, jobId, file.name, result.receivedBytes, marker)
  if (!script.ok) return script
  const received = await withShell(openScript, target, 'sh', async (shell, watchdog) => {
    const { hash } = result
    let greeting: Buffer | null = Buffer.alloc(0)
    let bytesReceived = result.receivedBytes
    let writing = Promise.resolve()
    let waitingBytes = 0
    let problem: string | null = null
    const done = new Promise<void>((resolve) => {
      const take = (bytes: Buffer): void => {
        const part = bytes.subarray(0, file.sizeBytes - bytesReceived)
        bytesReceived += part.length
        hash.update(part)
        waitingBytes += part.length
        if (waitingBytes > MAX_WAITING_BYTES) shell.pause()
        writing = writing
          .then(async () => {
            await result.write(part)
            waitingBytes -= part.length
            if (waitingBytes <= MAX_WAITING_BYTES) shell.resume()
            onProgress(bytesReceived)
          })
          .catch((error: unknown) => {
            problem ??= `The file can't be saved: ${errorText(error)}.`
            resolve()
          })
        if (bytesReceived === file.sizeBytes) resolve()
      }
      shell.onData((data) => {
        watchdog.moved()
        const bytes = Buffer.from(data)
        if (greeting === null) {
          take(bytes)
          return
        }
        greeting = Buffer.concat([greeting, bytes])
        const at = greeting.indexOf(`<${marker}>`)
        if (at === -1) {
          if (greeting.length > MAX_GREETING_BYTES) resolve()
          return
        }
        const rest = greeting.subarray(at + marker.length + 2)
        greeting = null
        take(rest)
      })
      shell.onEnd(() => resolve())
    })
    void shell.measureRoundTrip()
    shell.write(Buffer.from(`(\n${script.value}\n) </dev/null 2>/dev/null\nexit\n`))
    await Promise.race([done, watchdog.over])
    shell.close()
    await writing
    if (problem !== null) return fail(problem)
    if (bytesReceived < file.sizeBytes || greeting !== null)
      return fail(watchdog.failure(`${file.name} did not arrive whole.`))
    return hash.digest('hex') === file.sha256
      ? ok(undefined)
      : fail(`${file.name} changed on the pod since it was listed.`)
  })
  if (received.ok) return result.finish()
  await (typeof received.error === 'string' ? result.discard() : result.keep())
  return received
}

interface Watchdog {
  moved(): void
  isOver(): boolean
  readonly over: Promise<void>
  /** The reason, or this sentence. */
  failure(otherwise: string): JobTransferFailure
}

async function withShell<T>(
  openScript: OpenScript,
  target: SshTarget,
  command: string,
  use: (shell: SshShell, watchdog: Watchdog) => Promise<Result<T, JobTransferFailure>>,
): Promise<Result<T, JobTransferFailure>> {
  const opening = new AbortController()
  const shell = await openScript(target, command, opening.signal)
  if (!shell.ok) return shell
  let isStalled = false
  let isLost = false
  let end = (): void => {}
  const over = new Promise<void>((resolve) => (end = resolve))
  const stall = (): void => {
    isStalled = true
    end()
  }
  let timer = setTimeout(stall, STALL_MS)
  shell.value.onEnd(({ kind }) => {
    isLost = kind === 'lost'
    end()
  })
  const watchdog: Watchdog = {
    moved() {
      clearTimeout(timer)
      timer = setTimeout(stall, STALL_MS)
    },
    isOver: () => isStalled || isLost,
    over,
    failure(otherwise) {
      if (isStalled) return { kind: 'timed-out', reason: 'the transfer stalled' }
      return isLost ? { kind: 'connection-lost', reason: 'the connection was lost' } : otherwise
    },
  }
  try {
    return await use(shell.value, watchdog)
  } finally {
    clearTimeout(timer)
    shell.value.close()
  }
}

const newMarker = (): string => randomBytes(12).toString('hex')
