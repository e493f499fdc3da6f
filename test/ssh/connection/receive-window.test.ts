import { generateKeyPairSync } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import ssh2, { type ServerChannel } from 'ssh2'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { SshShell } from '../../../src/ssh/connection/ssh-shell'
import { captureShell, createSshClient, target, toEndpoint } from '../../harness/ssh/ssh-client'

/** The bytes that an ssh2 server may still send: the window granted by the client. */
interface Grant {
  window: number
}

/** A shell of a server controlled by the test. It answers a global request after `answerMs`. */
async function shellInHand(answerMs: number | (() => number), onPiece?: (shell: SshShell) => void) {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  let channel: ServerChannel | null = null
  let isLeft = false
  const server = new ssh2.Server({ hostKeys: [privateKey] }, (client) => {
    client
      .on('error', () => {})
      .on('close', () => (isLeft = true))
      .on('authentication', (context) => context.accept())
      .on('request', (_accept, reject) =>
        setTimeout(() => reject?.(), typeof answerMs === 'number' ? answerMs : answerMs()),
      )
      .on('session', (accept) =>
        accept()
          .on('pty', (agree) => agree?.())
          .on('shell', (open) => (channel = open())),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())

  const here = createSshClient()
  here.key()
  const { port } = server.address() as AddressInfo
  const screen = captureShell(await here.connect(target(toEndpoint({ port, username: 'root' }))), onPiece)
  await expect.poll(() => channel).not.toBeNull()
  const far = channel as unknown as ServerChannel
  return { screen, far, grant: (far as unknown as { outgoing: Grant }).outgoing, isLeft: () => isLeft }
}

/** 20 KB per ms of round trip, up to 2 MiB. */
const windowFor = (ms: number): number => Math.min(64 * 1024 + Math.round(ms) * 20 * 1024, 2 * 1024 * 1024)

describe('the receive window of a server', () => {
  it('is small at first and is granted again as data is read', async () => {
    const { screen, far, grant } = await shellInHand(0)
    expect(grant.window).toBe(64 * 1024)
    screen.shell.pause()
    far.write(Buffer.alloc(1_000_000, 'x'))
    await expect.poll(() => grant.window).toBe(0)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect([grant.window, screen.bytes().length]).toEqual([0, 0])
    screen.shell.resume()
    await expect.poll(() => screen.bytes().length).toBe(1_000_000)
    await expect.poll(() => grant.window).toBeGreaterThan(48 * 1024)
    expect(grant.window).toBeLessThanOrEqual(64 * 1024)
  })

  it('grows with the round-trip time, because more data is in flight', async () => {
    const { screen, far, grant } = await shellInHand(20)
    const ms = (await screen.shell.measureRoundTrip()) ?? 0
    expect(ms).toBeGreaterThanOrEqual(19)
    far.write('x')
    await expect.poll(() => grant.window).toBe(windowFor(ms))
  })

  it('is smaller for a reader that is slow, until that reads faster', async () => {
    const { screen, far, grant } = await shellInHand(20)
    const ms = (await screen.shell.measureRoundTrip()) ?? 0
    const slow = 64 * 1024 + Math.round(Math.round(ms) * 2_345.6)
    screen.shell.setReadingSpeed(2_345.6)
    far.write('x')
    await expect.poll(() => grant.window).toBe(slow)
    screen.shell.setReadingSpeed(null)
    far.write('x')
    await expect.poll(() => grant.window).toBe(windowFor(ms))
    // What was granted is not taken back, but no more is granted until it is used.
    screen.shell.setReadingSpeed(2_345.6)
    far.write(Buffer.alloc(3_000_000, 'x'))
    await expect.poll(() => screen.bytes().length).toBe(3_000_002)
    await expect.poll(() => grant.window).toBeGreaterThan((3 / 4) * slow - 1)
    expect(grant.window).toBeLessThanOrEqual(slow)
    // No faster reader gets more than a terminal draws at best.
    screen.shell.setReadingSpeed(1e9)
    far.write('x')
    await expect.poll(() => grant.window).toBe(windowFor(ms))
  })

  it('is not read at once by a reader that asks for a pause, however large it is', async () => {
    const { screen, far, grant } = await shellInHand(40, (shell) => shell.pause())
    const ms = (await screen.shell.measureRoundTrip()) ?? 0
    far.write('x')
    await expect.poll(() => grant.window).toBe(windowFor(ms))
    far.write(Buffer.alloc(800_000, 'y'))
    // All of it waits here.
    await expect.poll(() => grant.window).toBe(windowFor(ms) - 800_000)
    let read = screen.bytes().length
    for (; read < 800_001; read = screen.bytes().length) {
      screen.shell.resume()
      await expect.poll(() => screen.bytes().length).toBeGreaterThan(read)
      expect(screen.bytes().length - read).toBeLessThanOrEqual(64 * 1024)
    }
  })

  it('is never more than 2 MiB', async () => {
    const { screen, far, grant } = await shellInHand(300)
    expect(await screen.shell.measureRoundTrip()).toBeGreaterThanOrEqual(299)
    far.write('x')
    await expect.poll(() => grant.window).toBe(2 * 1024 * 1024)
  })

  it('depends on the shortest round trip, so that a reply delayed by output does not enlarge it', async () => {
    const answersMs = [20, 300]
    const { screen, far, grant } = await shellInHand(() => answersMs.shift() ?? 0)
    const ms = (await screen.shell.measureRoundTrip()) ?? 0
    expect(await screen.shell.measureRoundTrip()).toBeGreaterThanOrEqual(299)
    far.write('x')
    await expect.poll(() => grant.window).toBe(windowFor(ms))
  })

  it('disconnects a server that exceeds it by far', async () => {
    const { screen, far, grant, isLeft } = await shellInHand(0)
    screen.shell.pause()
    grant.window = Infinity
    far.on('error', () => {})
    for (let i = 0; i < 64; i += 1) far.write(Buffer.alloc(16 * 1024, 'x'))
    await expect.poll(isLeft).toBe(true)
    // Reported once the earlier data is read.
    screen.shell.resume()
    await expect
      .poll(screen.end)
      .toEqual({ kind: 'lost', reason: 'The server sent more data than requested.' })
    expect(screen.bytes().length).toBeLessThan(64 * 16 * 1024)
  })
})
