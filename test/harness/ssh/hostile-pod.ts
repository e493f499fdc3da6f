import { onTestFinished } from 'vitest'
import ssh2, { type ServerChannel } from 'ssh2'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  createPacketSplitter,
  packet,
  PacketReader,
  part,
  replies,
  requests,
} from '../../../src/ssh/files/sftp/sftp-packets'
import { tempFolder } from './openssh-for-test'
import { generateKeyPair } from './openssh-server'
import { captureShell, createSshClient, target } from './ssh-client'
import { openUnattendedFiles } from '../../../src/ssh/files/session/unattended-files'

export interface HostileFile {
  readonly mode: number
  readonly size?: number | bigint
}

/** What a hostile server says. Paths are as they are asked for; null is "no such file", or the end. */
export interface HostileAnswers {
  readonly stat: (path: string) => HostileFile | null
  /** Names with their entries, for the `round`th request about this folder. */
  readonly names: (path: string, round: number) => readonly (readonly [string, HostileFile])[] | null
  readonly read?: (path: string, offset: number, bytes: number) => Buffer | null
  readonly target?: (path: string) => string
  /** In place of the version. */
  readonly greeting?: Buffer
  /** Sent after each answer. */
  readonly noise?: Buffer
}

export const FOLDER: HostileFile = { mode: 0o040755 }
export const LINK: HostileFile = { mode: 0o120777 }
export const fileOf = (size: number | bigint): HostileFile => ({ mode: 0o100644, size })

/** A real SSH connection to a server that answers whatever it likes. Returns how to open a session. */
export async function startHostilePod(answers: HostileAnswers) {
  const client = createSshClient()
  client.key()
  const hostKey = generateKeyPair(join(tempFolder('host'), 'host'))
  const server = new ssh2.Server({ hostKeys: [readFileSync(hostKey.file)] }, (connection) => {
    // Not in the types.
    ;(connection as unknown as { setNoDelay(): void }).setNoDelay()
    connection.on('authentication', (context) => context.accept()).on('error', () => {})
    connection.on('ready', () =>
      connection.on('session', (accept) => {
        const session = accept()
        session.on('pty', (accepted) => accepted?.())
        session.on('shell', (accepted) => accepted())
        session.on(
          'subsystem' as never,
          ((accepted: () => ServerChannel) => serve(accepted(), answers)) as never,
        )
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const where = target({ host: '127.0.0.1', port, username: 'root' })
  captureShell(await client.connect(where)).shell.close()
  return (signal: AbortSignal) => openUnattendedFiles(client.ssh.openFileSession, where, signal)
}

function attributes({ mode, size }: HostileFile): Buffer {
  const sizeBytes = Buffer.alloc(8)
  if (size !== undefined) sizeBytes.writeBigUInt64BE(BigInt(size))
  const flags = (size === undefined ? 0 : 1) | 4 | 8
  return Buffer.concat([
    part.uint32(flags),
    ...(size === undefined ? [] : [sizeBytes]),
    part.uint32(mode),
    part.uint32(1_600_000_000),
    part.uint32(1_600_000_000),
  ])
}

function serve(channel: ServerChannel, answers: HostileAnswers): void {
  const rounds = new Map<string, number>()
  const status = (id: number, code: number): Buffer =>
    packet(replies.status, part.uint32(id), part.uint32(code), part.text(''), part.text(''))
  const answer = (id: number, type: number, request: PacketReader): Buffer => {
    const [ended, missing, unsupported] = [status(id, 1), status(id, 2), status(id, 8)]
    switch (type) {
      case requests.stat:
      case requests.lstat:
      case requests.fstat: {
        const file = answers.stat(request.bytes().toString())
        return file === null ? missing : packet(replies.attrs, part.uint32(id), attributes(file))
      }
      case requests.realpath:
      case requests.readlink: {
        const path = request.bytes().toString()
        const said = type === requests.realpath ? path : (answers.target?.(path) ?? '')
        return packet(
          replies.name,
          part.uint32(id),
          part.uint32(1),
          part.bytes(Buffer.from(said)),
          part.text(''),
          part.uint32(0),
        )
      }
      case requests.opendir:
      case requests.open:
        // The handle is the path.
        return packet(replies.handle, part.uint32(id), part.bytes(request.bytes()))
      case requests.readdir: {
        const path = request.bytes().toString()
        const round = rounds.get(path) ?? 0
        rounds.set(path, round + 1)
        const names = answers.names(path, round)
        if (names === null) return ended
        const all = names.flatMap(([name, file]) => [
          part.bytes(Buffer.from(name)),
          part.text(''),
          attributes(file),
        ])
        return packet(replies.name, part.uint32(id), part.uint32(names.length), ...all)
      }
      case requests.read: {
        const path = request.bytes().toString()
        const data = answers.read?.(path, request.uint64(), request.uint32()) ?? null
        return data === null ? ended : packet(replies.data, part.uint32(id), part.bytes(data))
      }
      case requests.close:
        return status(id, 0)
      default:
        return unsupported
    }
  }
  const split = createPacketSplitter(1_000_000, (bytes) => {
    const request = new PacketReader(bytes)
    const type = request.byte()
    if (type === requests.init) channel.write(answers.greeting ?? packet(replies.version, part.uint32(3)))
    else channel.write(answer(request.uint32(), type, request))
    if (answers.noise !== undefined && type !== requests.init) channel.write(answers.noise)
  })
  channel.on('data', split).on('error', () => {})
}
