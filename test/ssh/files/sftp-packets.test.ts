import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openSftpClient } from '../../../src/ssh/files/sftp/sftp-client'
import {
  createPacketSplitter,
  packet,
  PacketReader,
  part,
  replies,
} from '../../../src/ssh/files/sftp/sftp-packets'

describe('packets', () => {
  it('are the same however their stream is cut', () => {
    const bodies = fc.array(fc.uint8Array({ minLength: 0, maxLength: 60 }), { maxLength: 8 })
    fc.assert(
      fc.property(bodies, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (all, cuts) => {
        const stream = Buffer.concat(all.map((body) => packet(7, Buffer.from(body))))
        const received: string[] = []
        const split = createPacketSplitter(100, (bytes) => received.push(bytes.toString('hex')))
        for (let at = 0, cut = 0; at < stream.length; cut += 1) {
          const size = cuts[cut % cuts.length] ?? 1
          split(stream.subarray(at, at + size))
          at += size
        }
        expect(received).toEqual(all.map((body) => `07${Buffer.from(body).toString('hex')}`))
      }),
    )
  })

  it('that are empty or too long are malformed', () => {
    for (const length of [0, 101, 0xffff_ffff])
      expect(() => createPacketSplitter(100, () => {})(part.uint32(length))).toThrow('invalid data')
  })

  it('of any bytes are read, or malformed, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        for (const read of ['name', 'attributes', 'bytes', 'uint64', 'text'] as const) {
          const reader = new PacketReader(Buffer.from(bytes))
          try {
            while (!reader.isAtEnd) reader[read]()
          } catch (error) {
            expect(error).toMatchObject({ kind: 'malformed' })
          }
        }
      }),
    )
  })
})

/** A channel whose other side answers with these bytes. */
function channelOf(answer: (request: Buffer) => Buffer | null): Duplex {
  return new Duplex({
    read() {},
    write(bytes: Buffer, _encoding, done) {
      const reply = answer(bytes)
      if (reply !== null) this.push(reply)
      done()
    },
  })
}

const version = packet(replies.version, part.uint32(3))

describe('a client', () => {
  it('gives up a server that says nothing while it owes an answer, and only then', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const silent = openSftpClient(channelOf(() => null))
    const refused = expect(silent).rejects.toMatchObject({ kind: 'stalled' })
    await vi.advanceTimersByTimeAsync(60_000)
    await refused
    const client = await openSftpClient(channelOf((request) => (request[4] === 1 ? version : null)))
    let isEnded = false
    void client.ended.then(() => (isEnded = true))
    await vi.advanceTimersByTimeAsync(600_000)
    expect(isEnded).toBe(false)
    const asked = expect(client.stat('x')).rejects.toMatchObject({ kind: 'stalled', isOfConnection: true })
    await vi.advanceTimersByTimeAsync(59_999)
    expect(isEnded).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await asked
    await client.ended
    await expect(client.stat('x')).rejects.toMatchObject({ kind: 'stalled' })
  })

  it('gives a server ten minutes to write a file to its disk', async () => {
    vi.useFakeTimers()
    onTestFinished(() => void vi.useRealTimers())
    const hello = packet(replies.version, part.uint32(3), part.text('fsync@openssh.com'), part.text('1'))
    const client = await openSftpClient(channelOf((request) => (request[4] === 1 ? hello : null)))
    let isEnded = false
    void client.ended.then(() => (isEnded = true))
    const handle = Buffer.from('handle')
    const asked = [client.sync(handle), client.closeHandle(handle)]
    const refused = asked.map((each) => expect(each).rejects.toMatchObject({ kind: 'stalled' }))
    await vi.advanceTimersByTimeAsync(599_999)
    expect(isEnded).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    await Promise.all(refused)
  })

  it('has an error for everything that was asked when the channel ends', async () => {
    const channel = channelOf((request) => (request[4] === 1 ? version : null))
    const client = await openSftpClient(channel)
    const asked = [client.stat('a'), client.realpath('b')]
    channel.push(null)
    for (const each of asked) await expect(each).rejects.toMatchObject({ kind: 'lost' })
  })

  it('refuses names that no file has before it sends anything', async () => {
    const client = await openSftpClient(channelOf(() => version))
    for (const name of ['a\0b', '\ud800'])
      await expect(client.stat(name)).rejects.toMatchObject({ kind: 'bad-name' })
    client.close()
  })
})
