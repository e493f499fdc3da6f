import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createTerminalProcess } from '../../../../src/main/terminals/process/terminal-process'
import { startTestProcess, type TestProcess } from '../../../harness/terminal/terminal-process'

const SIZE = { columns: 40, rows: 10 }
const SCROLLBACK = 100
const MB = 1024 * 1024

/** A terminal whose pauses are told by the test. */
function bench() {
  const processes: TestProcess[] = []
  const timers: { readonly delayMs: number; readonly run: () => void }[] = []
  const createEmulator = createTerminalProcess({
    start() {
      processes.push(startTestProcess())
      return processes.at(-1) ?? expect.fail()
    },
    clock: {
      schedule(delayMs, run) {
        timers.push({ delayMs, run })
        return () => {}
      },
    },
    report: () => {},
  })
  const emulator = createEmulator(SIZE, SCROLLBACK)
  const [replies, titles, marks, lines]: [string[], string[], string[], string[]] = [[], [], [], []]
  emulator.onReply((text) => replies.push(text))
  emulator.onTitle((title) => titles.push(title))
  emulator.onMarks((all) => marks.push(...all.map(({ kind }) => kind)))
  emulator.onCursorLine((line) => lines.push(line))
  onTestFinished(() => emulator.dispose())
  /** Nothing is written for longer than a pause takes. */
  function pause(): void {
    for (let times = 0; times < 2; times++)
      for (const { run } of timers.splice(0).filter(({ delayMs }) => delayMs < 100)) run()
  }
  const sentBytes = (): number =>
    processes
      .flatMap(({ requests }) => requests)
      .reduce((sum, one) => sum + (one.kind === 'write' ? one.bytes.length : 0), 0)
  const draw = (text: string): Promise<void> =>
    new Promise((done) => emulator.write(Buffer.from(text), true, done))
  return { emulator, processes, replies, titles, marks, lines, pause, sentBytes, draw }
}

const numbered = (from: number, count: number): string =>
  Array.from({ length: count }, (_, at) => `line ${from + at} ${'x'.repeat(60)}\r\n`).join('')

/** Writes this many MB of lines, which a window draws. */
async function flood({ draw }: ReturnType<typeof bench>, megabytes: number): Promise<number> {
  let [lines, bytes] = [0, 0]
  while (bytes < megabytes * MB) {
    const text = numbered(lines, 500)
    await draw(text)
    lines += 500
    bytes += text.length
  }
  return lines
}

describe('a flood that a window draws', () => {
  test('is parsed as far as it is on the screen or in the scrollback, in the next pause', async () => {
    const b = bench()
    const lines = await flood(b, 20)
    await b.draw('prompt$ ')
    expect(b.sentBytes()).toBeLessThan(0.3 * MB)
    expect(b.lines).not.toContain('prompt$ ')
    b.pause()
    await vi.waitFor(() => expect(b.lines.at(-1)).toBe('prompt$ '))
    expect(b.sentBytes()).toBeLessThan(0.8 * MB)
    const screen = await b.emulator.serialize()
    const [first] = /line (\d+)/.exec(screen)?.slice(1).map(Number) ?? []
    // The line of the prompt is the last one; two rows hold one line.
    expect(first).toBe(lines - Math.floor((SCROLLBACK + SIZE.rows - 1) / 2))
    expect(screen.endsWith('prompt$ ')).toBe(true)
  })

  test('tells its title and its marks after it', async () => {
    const b = bench()
    await flood(b, 1)
    await b.draw('\x1b]0;early\x07\x1b]133;C\x07')
    await flood(b, 5)
    await b.draw('\x1b]133;D;1\x07')
    expect(b.marks).toEqual([])
    b.pause()
    await vi.waitFor(() => expect(b.marks).toEqual(['start', 'end']))
    expect(b.titles).toEqual(['early'])
  })

  test('is parsed when the screen is asked for, or an address', async () => {
    const b = bench()
    await flood(b, 5)
    await b.draw('see https://example.test/report')
    expect(await b.emulator.doesShow('https://example.test/report')).toBe(true)
    await flood(b, 5)
    await b.draw('the end')
    expect((await b.emulator.serialize()).endsWith('the end')).toBe(true)
  })

  test('is parsed at its own size when the size changes', async () => {
    const b = bench()
    await flood(b, 2)
    await b.draw(`${'y'.repeat(60)}\r\n`)
    b.emulator.resize({ columns: 80, rows: 10 })
    await flood(b, 2)
    await b.draw('the end')
    const same = bench()
    same.emulator.resize({ columns: 80, rows: 10 })
    await flood(same, 2)
    await same.draw('the end')
    expect(await b.emulator.serialize()).toBe(await same.emulator.serialize())
  })

  test('of other output than lines is parsed, with at most a few MB that wait', async () => {
    const b = bench()
    for (let at = 0; at < 200; at++) await b.draw(`\x1b[H\x1b[2J${numbered(at, 900)}`)
    expect(b.sentBytes()).toBeGreaterThan(5 * MB)
    expect(b.sentBytes()).toBeLessThan(200 * 0.07 * MB)
    b.pause()
    expect(await b.emulator.serialize()).toContain('line 1098')
  })

  test('of a full-screen program loses nothing of what is below it', async () => {
    const b = bench()
    await b.draw('before\x1b[?1049h')
    await flood(b, 6)
    await b.draw('\x1b[?1049l')
    expect(await b.emulator.serialize()).toBe('before')
  })

  test('is drawn anew after the process ended, whether it was parsed or not', async () => {
    const b = bench()
    await flood(b, 5)
    b.pause()
    const before = await b.emulator.serialize()
    b.processes[0]?.exit()
    expect(await b.emulator.serialize()).toBe(before)
    const lines = await flood(b, 0.15)
    const parsed = b.sentBytes()
    b.processes[1]?.exit()
    await b.draw('prompt$ ')
    await b.emulator.serialize()
    expect(b.sentBytes() - parsed).toBeGreaterThan(100_000)
    const screen = await b.emulator.serialize()
    expect(screen).toContain(`line ${lines - 1} `)
    expect(screen.endsWith('prompt$ ')).toBe(true)
    expect(b.processes).toHaveLength(3)
  })

  test('is followed by what no window draws, whose queries alone are answered', async () => {
    const b = bench()
    await flood(b, 2)
    await b.draw('\x1b[6n')
    await new Promise<void>((done) => b.emulator.write(Buffer.from('\r\n\x1b[6n'), false, done))
    expect(b.replies).toEqual([`\x1b[10;1R`])
  })

  test('does not keep a process at work once the terminal is gone', async () => {
    const b = bench()
    await flood(b, 2)
    b.emulator.dispose()
    b.pause()
    expect(b.processes[0]?.wasKilled()).toBe(true)
    expect(b.processes).toHaveLength(1)
  })
})

test('a few lines are parsed at once', async () => {
  const b = bench()
  await b.draw('ls\r\n')
  await b.draw(`${numbered(0, 100)}prompt$ `)
  await vi.waitFor(() => expect(b.lines.at(-1)).toBe('prompt$ '))
  expect(b.sentBytes()).toBeGreaterThan(7_000)
})
