import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  MAX_UNACKNOWLEDGED_BYTES,
  type TerminalOutput,
  type TerminalSnapshot,
} from '../../../../src/core/terminal/terminal'
import type { RemoteEmulator } from '../../../../src/main/terminals/process/remote-emulator'
import { createOutputStream } from '../../../../src/main/terminals/output/output-stream'
import { createTestEmulator } from '../../../harness/terminal/terminal-process'

const SIZE = { columns: 40, rows: 10 }

function emulator(): RemoteEmulator {
  const made = createTestEmulator(SIZE, 1_000)
  onTestFinished(() => made.dispose())
  return made
}

function bench() {
  const sent: TerminalOutput[] = []
  const replies: string[] = []
  const pauses: boolean[] = []
  const speeds: (number | null)[] = []
  let attachments = 0
  const mine = emulator()
  mine.onReply((text) => replies.push(text))
  const path = createOutputStream({
    terminalId: 't',
    emulator: mine,
    newAttachment: () => (attachments += 1),
    send: (output) => sent.push(output),
    setPaused: (isPaused) => pauses.push(isPaused),
    onSpeed: (bytesPerMs) => speeds.push(bytesPerMs),
  })
  const receive = (text: string): void => path.receive(Buffer.from(text, 'latin1'))
  const sentText = (): string => Buffer.concat(sent.map(({ bytes }) => bytes)).toString('latin1')
  const sentBytes = (): number => sent.reduce((sum, { bytes }) => sum + bytes.length, 0)
  return { path, receive, sent, sentText, sentBytes, replies, pauses, speeds, emulator: mine }
}

const parsed = (one: RemoteEmulator): Promise<void> => new Promise((resolve) => one.whenParsed(resolve))

/** The content of a window that drew the screen and then the output sent to it. */
async function windowWith(screen: TerminalSnapshot, outputs: readonly TerminalOutput[]): Promise<string> {
  const window = emulator()
  window.write(Buffer.from(screen.screen), true, () => {})
  for (const { bytes, attachment } of outputs)
    if (attachment === screen.attachment) window.write(bytes, true, () => {})
  return window.serialize()
}

async function drawn(bytes: Uint8Array): Promise<string> {
  const one = emulator()
  one.write(bytes, true, () => {})
  return one.serialize()
}

/** Attaches at `cut` and compares with a terminal that received everything. */
async function expectSameFrom(bytes: Uint8Array, cut: number): Promise<void> {
  const { path, sent, sentBytes } = bench()
  path.receive(bytes.slice(0, cut))
  const screen = await path.attach(SIZE)
  path.receive(bytes.slice(cut))
  await vi.waitFor(() => expect(sentBytes()).toBeGreaterThanOrEqual(bytes.length - cut), { interval: 1 })
  expect(await windowWith(screen, sent), `cut at ${cut} of ${JSON.stringify(String(bytes))}`).toBe(
    await drawn(bytes),
  )
}

describe('a window that attaches during output', () => {
  const pieces = [
    'ü€😀',
    'plain\r\n',
    '\x1b[1;31mred\x1b[0m',
    '\x1b]0;a title\x07',
    '\x1b]8;;https://example.test/\x1b\\link\x1b]8;;\x1b\\',
    '\x1b[38;2;1;2;3mtrue',
    '\x1bP$q"p\x1b\\',
    '\x1b(B\x1b7x\x1b8',
    '\x1b[?25l\x1b[?1000h\x1b[?1006h',
    '\x1b[3;6r\x1b[4;2Hin it',
    '\x1b[?1049h\x1b[2Jan editor',
    '\x1b[4 q',
    '\x1b[20hone\ntwo\n',
  ]

  test('misses nothing, at any position in a sequence or character', async () => {
    for (const piece of pieces) {
      const bytes = Buffer.from(`before ${piece}after`)
      for (let cut = 0; cut <= bytes.length; cut++) await expectSameFrom(bytes, cut)
    }
  })

  test('misses nothing of any output', async () => {
    const anyOutput = fc.array(
      fc.oneof(fc.constantFrom(...pieces.slice(0, 6)), fc.string({ maxLength: 60 })),
      {
        maxLength: 20,
      },
    )
    await fc.assert(
      fc.asyncProperty(anyOutput, fc.double({ min: 0, max: 1, noNaN: true }), async (parts, at) => {
        const bytes = Buffer.from(parts.join(''))
        await expectSameFrom(bytes, Math.floor(at * bytes.length))
      }),
      { numRuns: 60 },
    )
  })

  test('gets output once that arrives while its screen is serialized', async () => {
    const { path, receive, sentText } = bench()
    receive('one ')
    const attaching = path.attach(SIZE)
    receive('two ')
    const { screen } = await attaching
    receive('three')
    await vi.waitFor(() => expect(sentText()).toBe('two three'))
    expect(screen).toContain('one')
    expect(screen).not.toContain('two')
  })

  test('replaces the previous one', async () => {
    const { path, receive, sent } = bench()
    const first = await path.attach(SIZE)
    const second = await path.attach(SIZE)
    receive('x')
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]!.attachment).toBe(second.attachment)
    path.detach(first.attachment)
    expect(path.isAttached()).toBe(true)
    path.detach(second.attachment)
    expect(path.isAttached()).toBe(false)
  })
})

describe('output', () => {
  test('after a pause is sent immediately, such as an echo', async () => {
    const { path, receive, sentText } = bench()
    await path.attach(SIZE)
    await vi.waitFor(() => {
      receive('x')
      expect(sentText()).toContain('x')
    })
  })

  test('in quick succession is joined, in order, up to 64 KB', async () => {
    const { path, sent, sentBytes } = bench()
    await path.attach(SIZE)
    for (let part = 0; part < 100; part++) path.receive(Buffer.alloc(2_000, part))
    await vi.waitFor(() => expect(sentBytes()).toBe(200_000))
    expect(sent.length).toBeLessThan(12)
    expect(Math.max(...sent.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(64 * 1024)
    const all = Buffer.concat(sent.map(({ bytes }) => bytes))
    expect(all.every((byte, index) => byte === Math.floor(index / 2_000))).toBe(true)
  })

  test('carries no more memory than its bytes', async () => {
    const { path, sent } = bench()
    await path.attach(SIZE)
    path.receive(Buffer.alloc(1_000_000).subarray(10, 20))
    await vi.waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]!.bytes.buffer.byteLength).toBe(10)
  })
})

describe('flow control', () => {
  const CHUNK = Buffer.alloc(32 * 1024, 'x')
  /** Lets time pass for the measured speed only as a test says. */
  function holdClock(): (ms: number) => void {
    let nowMs = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs)
    onTestFinished(() => clock.mockRestore())
    return (ms) => {
      nowMs += ms
    }
  }

  test('pauses the pod while a fast window has not drawn the output, and resumes it', async () => {
    holdClock()
    const { path, pauses, emulator: mine } = bench()
    const { attachment } = await path.attach(SIZE)
    let most = 0
    while (!pauses.includes(true)) {
      path.receive(CHUNK)
      most = Math.max(most, path.pendingBytes())
    }
    expect(most).toBeGreaterThan(MAX_UNACKNOWLEDGED_BYTES)
    expect(most).toBeLessThan(500_000)
    await parsed(mine)
    expect(pauses).toEqual([true])
    path.ack(attachment + 1, most)
    path.ack(attachment, most - 128 * 1024)
    expect(pauses).toEqual([true])
    path.ack(attachment, 1)
    expect(pauses).toEqual([true, false])
  })

  test('keeps less on its way to a window that parses slowly, and forgets its speed with it', async () => {
    const pass = holdClock()
    const { path, pauses, speeds, emulator: mine } = bench()
    const { attachment } = await path.attach(SIZE)
    /** What is pending once the pod is paused. */
    const fill = (): number => {
      pauses.length = 0
      while (!pauses.includes(true)) path.receive(CHUNK)
      return path.pendingBytes()
    }
    const most = fill()
    await parsed(mine)
    // 3 KB per ms: what it parses in 20 ms is 60 KB.
    for (let left = most; left > 0; left -= 48 * 1024) {
      pass(16)
      path.ack(attachment, Math.min(left, 48 * 1024))
    }
    expect(speeds.at(-1)).toBeGreaterThan(1_000)
    expect(speeds.at(-1)).toBeLessThan(4_000)
    const slow = fill()
    await parsed(mine)
    expect(slow).toBeLessThanOrEqual(3 * CHUNK.length)
    path.ack(attachment, slow - 20 * 1024)
    expect(pauses.at(-1)).toBe(false)
    path.detachCurrent()
    expect(speeds.at(-1)).toBeNull()
    await path.attach(SIZE)
    expect(fill()).toBeGreaterThan(MAX_UNACKNOWLEDGED_BYTES)
  })

  test('pauses the pod while the output is not parsed here and no window is attached', async () => {
    const { path, pauses } = bench()
    while (!pauses.includes(true)) path.receive(CHUNK)
    expect(path.pendingBytes()).toBeLessThan(500_000)
    await vi.waitFor(() => expect(pauses).toEqual([true, false]))
  })

  test('does not wait for a window that is gone', async () => {
    const { path, pauses, emulator: mine } = bench()
    await path.attach(SIZE)
    while (!pauses.includes(true)) path.receive(CHUNK)
    await parsed(mine)
    expect(pauses).toEqual([true])
    path.detachCurrent()
    await vi.waitFor(() => expect(pauses).toEqual([true, false]))
  })
})

describe('output that a window drew and that is not parsed here yet', () => {
  const rush = Buffer.from(Array.from({ length: 20_000 }, (_, line) => `line ${line}\r\n`).join(''))

  test('is available to the next window', async () => {
    const { path, sent } = bench()
    await path.attach(SIZE)
    path.receive(rush)
    const next = await path.attach(SIZE)
    path.receive(Buffer.from('and on'))
    await vi.waitFor(() => expect(sent.at(-1)?.attachment).toBe(next.attachment))
    expect(await windowWith(next, sent)).toBe(await drawn(Buffer.from(`${String(rush)}and on`)))
  })

  test('is parsed before the next shell starts', async () => {
    const { path, emulator: mine } = bench()
    await path.attach(SIZE)
    path.receive(rush)
    await path.whenParsed()
    expect(await mine.serialize()).toContain('line 19999')
  })
})

describe('a character that arrives in parts', () => {
  const text = 'é “—” ‘…’ 👩‍👩‍👧 한 😀.'
  const bytes = Buffer.from(text)

  test('is parsed as one, wherever it is split', async () => {
    const wanted = await drawn(bytes)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const { path, emulator: mine } = bench()
      path.receive(bytes.subarray(0, cut))
      path.receive(bytes.subarray(cut))
      await path.whenParsed()
      expect(await mine.serialize(), `cut at ${cut}`).toBe(wanted)
    }
  })

  test('reaches the window as one, also in quick succession', async () => {
    const { path, sent, sentBytes } = bench()
    await path.attach(SIZE)
    const all = Buffer.from(text.repeat(6_000))
    for (let from = 0; from < all.length; from += 4_321) path.receive(all.subarray(from, from + 4_321))
    await vi.waitFor(() => expect(sentBytes()).toBe(all.length))
    const decoded = sent.map(({ bytes: part }) => new TextDecoder('utf-8', { fatal: true }).decode(part))
    expect(decoded.join('')).toBe(String(all))
    expect(Math.max(...sent.map(({ bytes: part }) => part.length))).toBeLessThanOrEqual(64 * 1024)
  })

  test('that never completes does not block other output', async () => {
    const { path, emulator: mine } = bench()
    path.receive(Buffer.from([0xe2, 0x80]))
    path.receive(Buffer.from('calm'))
    await path.whenParsed()
    expect(await mine.serialize()).toContain('calm')
  })
})

describe('a query of a program', () => {
  const WHERE = '\x1b[6n'

  test('is answered here while no window is attached', async () => {
    const { receive, replies, emulator: mine } = bench()
    receive(`ab${WHERE}`)
    await parsed(mine)
    expect(replies).toEqual(['\x1b[1;3R'])
  })

  test('is left to the window that received it, even if that is gone when it is parsed here', async () => {
    const { path, receive, replies, emulator: mine } = bench()
    const { attachment } = await path.attach(SIZE)
    receive(WHERE)
    path.detach(attachment)
    await parsed(mine)
    expect(replies).toEqual([])
  })

  test('from before the window attached is answered here, and not again by the window', async () => {
    const { path, receive, replies } = bench()
    receive(WHERE)
    const screen = await path.attach(SIZE)
    expect(replies).toEqual(['\x1b[1;1R'])
    const window = emulator()
    const byWindow: string[] = []
    window.onReply((text) => byWindow.push(text))
    window.write(Buffer.from(screen.screen), false, () => {})
    await parsed(window)
    expect(byWindow).toEqual([])
  })

  test.each(['\x1b[21t', '\x1b[14t', '\x1b[18t', '\x1b]52;c;?\x07'])('gets no reply to %j', async (asked) => {
    const { receive, replies, emulator: mine } = bench()
    receive(`\x1b]0;rm -rf\x07${asked}`)
    await parsed(mine)
    expect(replies).toEqual([])
  })
})
