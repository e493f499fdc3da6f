import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { ok } from '../../../src/core/base/result'
import { createDownloadSide } from '../../../src/ssh/files/sides/download-side'
import type { FileSession } from '../../../src/ssh/files/session/open-file-session'
import { transfer, type TransferOptions } from '../../../src/ssh/files/transfer'
import { uploadSide } from '../../../src/ssh/files/sides/upload-side'
import { openUnattendedFiles } from '../../../src/ssh/files/session/unattended-files'
import type { SshTarget } from '../../../src/ssh/connection/ssh-shell'
import { startOpenSshForTest, startRelay, tempFolder } from './openssh-for-test'
import { captureShell, createSshClient, target, toEndpoint } from './ssh-client'

export const SFTP_SUBSYSTEM = 'Subsystem sftp /usr/lib/openssh/sftp-server'

export interface FilePodOptions {
  readonly config?: readonly string[]
}

/** A pod whose files are those of a folder of this computer, behind a real OpenSSH server, and a folder here. */
export async function startFilePod({ config = [SFTP_SUBSYSTEM] }: FilePodOptions = {}) {
  const client = createSshClient()
  const folder = tempFolder('files')
  const [pod, local] = [join(folder, 'pod'), join(folder, 'local')]
  mkdirSync(pod)
  mkdirSync(local)
  const server = await startOpenSshForTest({ authorized: [client.key().publicLine], config })
  const relay = await startRelay(server.port)
  const through = (port: number): SshTarget => target({ ...toEndpoint(server), port })
  captureShell(await client.connect(through(server.port))).shell.close()
  captureShell(await client.connect(through(relay.port))).shell.close()
  const open = (port: number, signal: AbortSignal) =>
    openUnattendedFiles(client.ssh.openFileSession, through(port), signal)
  const session = async (): Promise<FileSession> => {
    const opened = await open(server.port, new AbortController().signal)
    if (!opened.ok) throw new Error(JSON.stringify(opened.error))
    return opened.value
  }
  const copy = (
    direction: 'up' | 'down',
    overrides: Partial<TransferOptions> & { relayed?: boolean } = {},
  ) => {
    const port = overrides.relayed === true ? relay.port : server.port
    return transfer({
      side: direction === 'up' ? uploadSide : createDownloadSide(),
      sources: [direction === 'up' ? local : pod],
      destination: direction === 'up' ? pod : local,
      resumes: true,
      identity: 'a p',
      open: (signal) => open(port, signal),
      signal: new AbortController().signal,
      onPlan: () => null,
      retryDelaysMs: [0, 10, 10],
      nowMs: () => performance.now(),
      ...overrides,
    })
  }
  return {
    pod,
    local,
    server,
    home: client.home,
    relay,
    session,
    open,
    up: (sources: readonly string[], destination: string, more: Parameters<typeof copy>[1] = {}) =>
      copy('up', { sources, destination, ...more }),
    down: (sources: readonly string[], destination: string, more: Parameters<typeof copy>[1] = {}) =>
      copy('down', { sources, destination, ...more }),
  }
}

export type FilePod = Awaited<ReturnType<typeof startFilePod>>

export const sha256 = (path: string | Buffer): string =>
  createHash('sha256').update(readFileSync(path)).digest('hex')

/** Bytes that no compression and no repetition hides faults in. */
export const randomFile = (bytes: number): Buffer => randomBytes(bytes)

/** Copies until some of it is there, and is canceled then. */
export async function beginCopying(
  files: FilePod,
  direction: 'up' | 'down',
  source: string,
  destination: string,
): Promise<void> {
  const controller = new AbortController()
  const result = await files[direction]([source], destination, {
    signal: controller.signal,
    onPlan: (_plan, progress) => {
      const timer = setInterval(() => {
        if (progress().bytesDone < 4_000_000) return
        clearInterval(timer)
        controller.abort()
      }, 1)
      return null
    },
  })
  expect(result).toMatchObject({
    ok: false,
    error: { kind: 'aborted', message: 'The transfer was canceled.', summary: { copied: 0 } },
  })
}

/** The name of a part in a folder. */
export const partIn = (folder: string): string =>
  readdirSync(folder).find((name) => name.endsWith('.part')) ?? ''

/** Where `standingStill` stops in a file, in bytes. */
export const HELD_AT = 6_000_000

/** Options of a transfer that stands still at `HELD_AT` bytes of a file. */
export function standingStill(files: FilePod) {
  let release = (): void => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  let reach = (): void => {}
  const reached = new Promise<void>((resolve) => (reach = resolve))
  const holdAt = async (offset: number): Promise<void> => {
    if (offset < HELD_AT) return
    reach()
    await released
  }
  const open: TransferOptions['open'] = async () => {
    const session = await files.session()
    const { sftp } = session
    return ok({
      ...session,
      sftp: {
        ...sftp,
        async read(handle, offset, bytes) {
          await holdAt(offset)
          return sftp.read(handle, offset, bytes)
        },
        async write(handle, offset, whole) {
          await holdAt(offset)
          return sftp.write(handle, offset, whole)
        },
      },
    })
  }
  return { options: { open }, reached, release }
}
