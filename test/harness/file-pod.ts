import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createDownloadSide } from '../../src/ssh/files/download-side'
import type { FileSession } from '../../src/ssh/files/open-file-session'
import { transfer, type TransferOptions } from '../../src/ssh/files/transfer'
import { uploadSide } from '../../src/ssh/files/upload-side'
import { openUnattendedFiles } from '../../src/ssh/files/unattended-files'
import type { SshTarget } from '../../src/ssh/connection/ssh-shell'
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
