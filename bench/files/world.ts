import { spawn } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { type AddressInfo, connect as dial, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2, { type Client } from 'ssh2'
import type { TransferProgress } from '../../src/core/files/transfer-progress'
import type { SshTarget } from '../../src/ssh/connection/ssh-shell'
import { createConnect, sshTiming } from '../../src/ssh/connection/connect'
import { createOpenFileSession } from '../../src/ssh/files/session/open-file-session'
import { createOpenPortConnection } from '../../src/ssh/forward/open-port-connection'
import { HostKeyFile } from '../../src/ssh/host-keys/host-key-file'
import { openSeenHostKeys } from '../../src/ssh/host-keys/seen-host-keys'
import { KeyRing } from '../../src/ssh/keys/key-ring'
import { createDownloadSide } from '../../src/ssh/files/sides/download-side'
import { transfer, type TransferSummary } from '../../src/ssh/files/transfer'
import { openUnattendedFiles } from '../../src/ssh/files/session/unattended-files'
import { uploadSide } from '../../src/ssh/files/sides/upload-side'
import { generateEd25519Key } from '../../src/ssh/keys/ed25519-key'
import { startOpenSshServer } from '../../test/harness/ssh/openssh-server'

export type Direction = 'up' | 'down'

/** Memory where there is such a folder, so that a disk sets no pace. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/** A real OpenSSH server, whose files and ours are in two folders of this computer. */
export async function startFileWorld() {
  const folder = mkdtempSync(join(place, 'podkeeper-files-'))
  const [pod, local] = [join(folder, 'pod'), join(folder, 'local')]
  for (const path of [pod, local]) mkdirSync(path)
  const key = generateEd25519Key('')
  const keyFile = join(folder, 'key')
  writeFileSync(keyFile, key.privateText, { mode: 0o600 })
  const config = ['MaxStartups 100', 'Subsystem sftp /usr/lib/openssh/sftp-server']
  const server = await startOpenSshServer(folder, { authorized: [key.publicLine.trim()], config })
  const relay = await startCutting(server.port)
  // Not by `createSsh`, which loads modules later, when benchmarks can load none.
  const connect = createConnect({
    hostKeys: new HostKeyFile({
      path: join(folder, 'host-keys.json'),
      isReadOnly: true,
      nowMs: Date.now,
      onProblem: () => {},
    }),
    seenKeys: openSeenHostKeys({ folder, onProblem: () => {} }),
    keyRing: new KeyRing({ unlockWorkerPath: '', unlockTimeoutMs: sshTiming.unlockMs }),
    locations: { home: folder, env: {}, platform: process.platform, chosenFile: () => null },
    timing: sshTiming,
    hosts: 'loopback-only',
    nowMs: Date.now,
    isKnownProxy: () => false,
    accountKey: () => key.privateText,
    registeredFingerprints: () => null,
  })
  const openFileSession = createOpenFileSession(connect)
  const openPortConnection = createOpenPortConnection(connect)
  const targetAt = (port: number): SshTarget => ({
    accountId: 'a',
    podId: 'p',
    startedAtMs: null,
    ssh: { direct: { host: '127.0.0.1', port, username: server.username }, proxy: null },
  })
  async function copy(
    direction: Direction,
    source: string,
    destination: string,
    more: { isCut?: true; signal?: AbortSignal; onProgress?: (read: () => TransferProgress) => void } = {},
  ): Promise<TransferSummary | null> {
    const copied = await transfer({
      side: direction === 'up' ? uploadSide : createDownloadSide(),
      sources: [source],
      destination,
      resumes: true,
      identity: 'a p',
      open: (signal) =>
        openUnattendedFiles(openFileSession, targetAt(more.isCut ? relay.port : server.port), signal),
      signal: more.signal ?? new AbortController().signal,
      onPlan(_plan, progress) {
        more.onProgress?.(progress)
        return null
      },
      nowMs: () => performance.now(),
    })
    if (copied.ok) return copied.value
    if (copied.error.kind === 'aborted') return null
    throw new Error(copied.error.message)
  }
  return {
    folder,
    pod,
    local,
    relay,
    copy,
    openPorts: (isCut = false) =>
      openPortConnection(targetAt(isCut ? relay.port : server.port), new AbortController().signal),
    /** ssh2 alone, with the same cipher. */
    async openClient(): Promise<Client> {
      const client = new ssh2.Client()
      client.connect({
        host: '127.0.0.1',
        port: server.port,
        username: server.username,
        privateKey: key.privateText,
        algorithms: { cipher: ['aes128-gcm@openssh.com'] },
      })
      await once(client, 'ready')
      return client
    },
    /** OpenSSH's own program. */
    sftp: async (commands: string): Promise<void> => {
      const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR']
      const flags = options.flatMap((option) => ['-o', option])
      const where = `${server.username}@127.0.0.1`
      const args = ['-q', '-b', '-', '-F', 'none', '-i', keyFile, ...flags, '-P', String(server.port), where]
      const child = spawn('sftp', args, { stdio: ['pipe', 'ignore', 'inherit'] })
      child.stdin.end(commands)
      await once(child, 'exit')
    },
    async stop() {
      relay.stop()
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type FileWorld = Awaited<ReturnType<typeof startFileWorld>>

/** A proxy whose connections can be cut. */
async function startCutting(port: number) {
  const open = new Set<Socket>()
  const server = createServer((near) => {
    const far = dial(port, '127.0.0.1')
    for (const each of [near, far]) {
      open.add(each.setNoDelay(true))
      each
        .on('error', () => {})
        .on('close', () => {
          open.delete(each)
          near.destroy()
          far.destroy()
        })
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cut = (): void => open.forEach((each) => each.destroy())
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    stop() {
      cut()
      server.close()
    },
  }
}

const BLOCK_BYTES = 16 * 1024 * 1024

/** Random bytes, of which no two blocks are alike. */
export function writeRandom(path: string, bytes: number): void {
  const block = randomFillSync(Buffer.allocUnsafe(BLOCK_BYTES))
  const file = openSync(path, 'w')
  for (let at = 0; at < bytes; at += BLOCK_BYTES) {
    block.writeUInt32BE(at / BLOCK_BYTES, (at / BLOCK_BYTES) % 1_000)
    writeSync(file, block, 0, Math.min(BLOCK_BYTES, bytes - at))
  }
}

export async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(path)) hash.update(bytes as Buffer)
  return hash.digest('hex')
}
