import { chmodSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { connectControl, type ControlConnection } from '../../../src/node/control/control-client'
import type { HolderAddress } from '../../../src/node/data-folder/lock/lock-socket'
import { folderProof, openApiSecret } from '../../../src/node/data-folder/secrets/api-secret-file'
import {
  lockFolder,
  newControlFolder,
  openCommand,
  socketPath,
  startHolder,
  startImpostor,
} from '../../harness/data-folder/control-holder'

const greeting = `${JSON.stringify({ program: 'app', pid: 1, protocol: 1 })}\n`

/** `greetingMs`: long, for a busy machine, where a greeting comes. */
const optionsFor = (dataFolder: string, greetingMs: number) => ({
  dataFolder,
  accountId: 'account-1',
  events: { onIntent: () => {}, onCreate: () => {}, onConnection: () => {} },
  nowMs: Date.now,
  limits: { greetingMs, replyMs: 200, lineChars: 10_000, totalChars: 100_000 },
})
const connectTo = (dataFolder: string, greetingMs = 20_000): Promise<ControlConnection> =>
  connectControl(optionsFor(dataFolder, greetingMs))
const SECRET = 'a'.repeat(64)

test('without a holder there is nobody to ask', async () => {
  expect(await connectTo(newControlFolder())).toEqual({ kind: 'gone' })
  const folder = newControlFolder()
  const lock = await lockFolder(folder)
  lock.dispose()
  expect(await connectTo(folder)).toEqual({ kind: 'gone' })
})

test('a holder of before, which takes no requests, is distinguished from one that is newer', async () => {
  const folder = newControlFolder()
  await lockFolder(folder)
  expect(await connectTo(folder)).toEqual({
    kind: 'unusable',
    holder: { program: 'app', pid: process.pid },
    reason: 'older',
  })
  const newer = await startImpostor((socket) => void socket.write('{"program":"cli","pid":2,"protocol":9}\n'))
  expect(await connectTo(newer)).toMatchObject({ kind: 'unusable', reason: 'newer' })
})

test.each([
  ['nothing', (_socket: Socket) => {}],
  ['garbage', (socket: Socket) => void socket.write('\u0000\u0001{{{\n')],
  ['a greeting of another program', (socket: Socket) => void socket.write('{"program":"sshd","pid":1}\n')],
  ['an endless line', (socket: Socket) => void socket.write('x'.repeat(200_000))],
])('a holder that says %s is not asked', async (_, onConnection) => {
  expect(await connectTo(await startImpostor(onConnection), 100)).toMatchObject({
    kind: 'unusable',
    reason: 'silent',
  })
})

test('a socket in a folder that others can enter is not asked, and serves nobody', async () => {
  const folder = await startImpostor((socket) => void socket.write(greeting))
  chmodSync(join(folder, 'writer'), 0o755)
  expect(await connectTo(folder)).toEqual({ kind: 'gone' })
  const { folder: own } = await startHolder()
  expect(await connectTo(own)).toMatchObject({ kind: 'connected' })
})

describe('where another user’s program could listen', () => {
  /** A socket in a folder that everybody may enter, as a pipe of Windows is, before which `serve` stands. */
  async function sharedAddress(serve: (client: Socket) => void) {
    const shared = newControlFolder()
    chmodSync(shared, 0o777)
    const path = join(shared, 'pipe')
    const server = createServer((client) => serve(client.on('error', () => {})))
    await new Promise<void>((listening) => server.listen(path, listening))
    onTestFinished(() => void server.close())
    return { path, isPrivate: false }
  }
  /** Passes everything on to the holder of this folder. */
  const passOnTo = (folder: string) => (client: Socket) => {
    const holder = connect(socketPath(folder))
    holder.on('error', () => {})
    client.pipe(holder).pipe(client)
  }
  const connectAt = (dataFolder: string, address: HolderAddress, nowMs = Date.now) =>
    connectControl({ ...optionsFor(dataFolder, 20_000), address, nowMs })

  test('the holder of the folder proves that it is that, and is asked', async () => {
    const { folder, fixture } = await startHolder()
    const nowMs = () => fixture.clock.now().wallMs
    const connection = await connectAt(folder, await sharedAddress(passOnTo(folder)), nowMs)
    if (connection.kind !== 'connected') throw new Error(connection.kind)
    onTestFinished(() => connection.client.close())
    expect(await connection.client.requests.settings()).toMatchObject({ ok: true })
  })

  test.each<[string, (nonce: string) => unknown]>([
    ['nothing that it could know', () => ({ kind: 'proof', proof: '0'.repeat(64) })],
    ['that it has done something', () => ({ kind: 'done', id: 1 })],
    [
      'what the served API proves',
      (nonce) => ({ kind: 'proof', proof: folderProof(SECRET, 'socket', nonce) }),
    ],
    [
      'a proof of another secret',
      (nonce) => ({ kind: 'proof', proof: folderProof('b'.repeat(64), 'control', nonce) }),
    ],
  ])('an impostor that says %s learns a random number and no more', async (_, answer) => {
    const folder = newControlFolder()
    writeFileSync(join(folder, 'api-secret'), SECRET)
    let heard = ''
    const address = await sharedAddress((client) => {
      client.write(greeting)
      client.on('data', (bytes) => {
        heard += String(bytes)
        client.write(`${JSON.stringify(answer(JSON.parse(heard).nonce))}\n`)
      })
    })
    expect(await connectAt(folder, address)).toMatchObject({ kind: 'unusable', reason: 'unproven' })
    expect(heard).toMatch(/^\{"kind":"prove","nonce":"[0-9a-f]{32}"\}\n$/)
  })

  test('the holder of another folder is not this one’s', async () => {
    const [{ folder }, { folder: other }] = [await startHolder(), await startHolder()]
    openApiSecret(folder)
    expect(await connectAt(folder, await sharedAddress(passOnTo(other)))).toMatchObject({
      reason: 'unproven',
    })
  })
})

/** What a command is told when the holder answers its request like this. */
async function answered(answer: (socket: Socket) => void) {
  const folder = await startImpostor((socket) => {
    socket.write(greeting)
    socket.once('data', () => answer(socket))
  })
  const connection = await connectTo(folder)
  if (connection.kind !== 'connected') throw new Error(connection.kind)
  let losses = 0
  connection.client.onLost(() => (losses += 1))
  const reply = await connection.client.requests.act('pod-1', 'stop', false)
  return { reply, client: connection.client, losses: () => losses }
}

test.each([
  ['nothing', () => {}],
  ['the end of the connection', (socket: Socket) => void socket.destroy()],
  ['half a reply and the end', (socket: Socket) => void socket.end('{"kind":"do')],
  ['garbage', (socket: Socket) => void socket.write('{"kind":"quit"}\n')],
  [
    'a value that was not asked for',
    (socket: Socket) => void socket.write('{"kind":"done","id":1,"value":[1]}\n'),
  ],
  ['an endless line', (socket: Socket) => void socket.write('x'.repeat(200_000))],
  ['endless lines', (socket: Socket) => void socket.write('{"kind":"done","id":99}\n'.repeat(20_000))],
  ['an action that is none', (socket: Socket) => void socket.write('{"kind":"intent","intent":{"id":1}}\n')],
])('a reply of %s leaves it open whether the request was carried out', async (_, answer) => {
  const { reply } = await answered(answer)
  expect(reply).toMatchObject({ ok: false, error: { code: 'lost' } })
})

test('after the connection ended nothing more is sent, and that is reported', async () => {
  const { client, losses } = await answered((socket) => void socket.destroy())
  await vi.waitFor(() => expect(losses()).toBe(1))
  expect(await client.requests.keepOn('pod-1', null)).toMatchObject({
    error: { code: 'failed', message: expect.stringContaining('Nothing was done') },
  })
})

test('a holder that ends while a command asks is noticed at once', async () => {
  const { folder, lock, fixture } = await startHolder()
  const command = await openCommand(folder, () => fixture.clock.now().wallMs)
  expect((await command.client.requests.act('pod-1', 'stop', false)).ok).toBe(true)
  lock.dispose()
  await vi.waitFor(() => expect(command.isLost()).toBe(true))
})
