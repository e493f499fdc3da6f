import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { joinWrites } from '../../../src/ssh/connection/join-writes'

/** A stream with joined writes, and what it was told to send at a time. */
function joined() {
  const sent: string[][] = []
  const stream = new Writable({
    write(bytes: Buffer, _encoding, done) {
      sent.push([String(bytes)])
      done()
    },
    writev(all: readonly { readonly chunk: Buffer }[], done) {
      sent.push(all.map(({ chunk }) => String(chunk)))
      done()
    },
  })
  joinWrites(stream)
  return { stream, sent }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('writes to a connection', () => {
  it('leave at once as one piece, in their order', async () => {
    const { stream, sent } = joined()
    for (const part of ['length', 'packet', 'tag']) stream.write(part)
    await nextTurn()
    stream.write('key')
    await nextTurn()
    expect(sent).toEqual([['length', 'packet', 'tag'], ['key']])
  })

  it('leave before the end of the connection', async () => {
    const { stream, sent } = joined()
    stream.write('last')
    stream.end('words')
    await nextTurn()
    expect(sent.flat()).toEqual(['last', 'words'])
    expect(stream.writableFinished).toBe(true)
  })
})
