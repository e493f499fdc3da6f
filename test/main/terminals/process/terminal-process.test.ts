import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { RemoteEmulator } from '../../../../src/main/terminals/process/remote-emulator'
import { createTerminalProcess } from '../../../../src/main/terminals/process/terminal-process'
import { MAX_PROMPT_CHARS } from '../../../../src/core/terminal/commands/prompt-text'
import {
  MAX_COPIED_CHARS,
  MAX_MARKS,
  MAX_REPLY_CHARS,
  MAX_TITLE_CHARS,
} from '../../../../src/shared/terminal-process'
import { startTestProcess, type TestProcess } from '../../../harness/terminal/terminal-process'

const SIZE = { columns: 40, rows: 10 }

function bench() {
  const processes: TestProcess[] = []
  const reports: string[] = []
  let timers: (() => void)[] = []
  const createEmulator = createTerminalProcess({
    start() {
      const process = startTestProcess()
      processes.push(process)
      return process
    },
    clock: {
      schedule(_delayMs, run) {
        timers.push(run)
        return () => (timers = timers.filter((one) => one !== run))
      },
    },
    report: (message) => reports.push(message),
  })
  function open() {
    const emulator = createEmulator(SIZE, 1_000)
    const failures: string[] = []
    const [replies, titles]: [string[], string[]] = [[], []]
    emulator.onFailure((reason) => failures.push(reason))
    emulator.onReply((text) => replies.push(text))
    emulator.onTitle((text) => titles.push(text))
    const [marks, lines]: [string[], string[]] = [[], []]
    emulator.onMarks((all) =>
      marks.push(...all.map((one) => `${one.kind} ${'exitCode' in one ? one.exitCode : ''}`)),
    )
    const folders: string[] = []
    emulator.onFolders((all) => folders.push(...all.map(({ host, path }) => `${host}:${path}`)))
    const copied: string[] = []
    emulator.onCopied((text) => copied.push(text))
    emulator.onCursorLine((line) => lines.push(line))
    onTestFinished(() => emulator.dispose())
    return { emulator, failures, replies, titles, marks, lines, folders, copied }
  }
  /** Lets a quarter of a second pass, this often. */
  function tick(count: number): void {
    for (let at = 0; at < count; at++) for (const run of timers.splice(0)) run()
  }
  const last = (): TestProcess => processes.at(-1) ?? expect.fail('no process was started')
  return { processes, reports, open, tick, last }
}

const print = (emulator: RemoteEmulator, text: string): Promise<void> =>
  new Promise((resolve) => emulator.write(Buffer.from(text), false, resolve))

describe('the process', () => {
  test('runs while there are terminals, and is the same for all of them', async () => {
    const b = bench()
    expect(b.processes).toEqual([])
    const [one, two] = [b.open(), b.open()]
    await print(one.emulator, 'a')
    await print(two.emulator, 'b')
    expect(b.processes).toHaveLength(1)
    one.emulator.dispose()
    await vi.waitFor(() => expect(b.last().requests.at(-1)).toMatchObject({ kind: 'close' }))
    expect(b.last().wasKilled()).toBe(false)
    expect(await two.emulator.serialize()).toBe('b')
    two.emulator.dispose()
    expect(b.last().wasKilled()).toBe(true)
    await print(b.open().emulator, 'c')
    expect(b.processes).toHaveLength(2)
    expect(b.reports).toEqual([])
  })

  test('is not needed by a terminal without output, whose screen is empty', async () => {
    const b = bench()
    const { emulator } = b.open()
    emulator.resize({ columns: 100, rows: 30 })
    emulator.clear()
    expect(await emulator.serialize()).toBe('')
    expect(await emulator.doesShow('https://example.com')).toBe(false)
    const parsed = vi.fn()
    emulator.whenParsed(parsed)
    expect(parsed).toHaveBeenCalledOnce()
    expect(b.processes).toEqual([])
    // As it would be of the process.
    await print(emulator, '')
    expect(b.last().requests[0]).toMatchObject({ kind: 'open', size: { columns: 100, rows: 30 } })
    expect(await emulator.serialize()).toBe('')
  })

  test('starts with the first output, and what happens until then is told after it', async () => {
    const { emulator, lines } = bench().open()
    const seen: (readonly string[])[] = []
    const look = (): void => void seen.push([...lines])
    emulator.whenStarted(look)
    expect(seen).toEqual([[]])
    void print(emulator, 'llama$ ')
    emulator.whenStarted(look)
    expect(seen).toHaveLength(1)
    await vi.waitFor(() => expect(seen).toEqual([[], ['llama$ ']]))
    void print(emulator, 'more')
    emulator.whenStarted(look)
    expect(seen).toHaveLength(3)
  })

  test('works for its terminals in turn, also while one has much to do', async () => {
    const b = bench()
    const [busy, other] = [b.open(), b.open()]
    let isDone = false
    const all = Promise.all(Array.from({ length: 60 }, () => print(busy.emulator, 'x'.repeat(60_000))))
    void all.then(() => (isDone = true))
    await print(other.emulator, 'quick')
    expect(isDone).toBe(false)
    await all
  })

  test('has one request at a time, with up to 64 KB of output', async () => {
    const b = bench()
    const { emulator } = b.open()
    await Promise.all(Array.from({ length: 1_000 }, () => print(emulator, 'x'.repeat(1_000))))
    const lengths = b.last().requests.flatMap((one) => (one.kind === 'write' ? [one.bytes.length] : []))
    expect(Math.max(...lengths)).toBeLessThanOrEqual(64 * 1024)
    expect(lengths.length).toBeLessThan(40)
  })
})

describe('a terminal whose output hangs the process', () => {
  test('fails after 2 s, and the others are drawn anew in another process', async () => {
    const b = bench()
    const [one, two] = [b.open(), b.open()]
    await print(one.emulator, 'one')
    await print(two.emulator, 'still \x1b[1mhere')
    b.last().hang()
    const waiting = [print(one.emulator, 'evil'), one.emulator.serialize()]
    const later = print(two.emulator, ', and more')
    b.tick(7)
    expect(one.failures).toEqual([])
    b.tick(1)
    expect(one.failures).toEqual(['Podkeeper closed this shell because its output took too long to process.'])
    expect(b.processes[0]?.wasKilled()).toBe(true)
    await Promise.all([...waiting, later])
    expect(await two.emulator.serialize()).toBe('still \x1b[1mhere, and more')
    expect(two.failures).toEqual([])
    expect(b.reports).toEqual(['The terminal process hung.'])
  })

  test('is empty, and can be used again', async () => {
    const b = bench()
    const { emulator } = b.open()
    await print(emulator, 'before')
    b.last().hang()
    void print(emulator, 'evil')
    b.tick(8)
    expect(b.processes).toHaveLength(1)
    await print(emulator, 'after')
    expect(await emulator.serialize()).toBe('after')
  })

  test('may take 10 s for its whole scrollback', async () => {
    const b = bench()
    const { emulator, failures } = b.open()
    await print(emulator, 'x')
    b.last().hang()
    void emulator.serialize()
    b.tick(39)
    expect(failures).toEqual([])
    b.tick(1)
    expect(failures).toHaveLength(1)
  })
})

describe('a process that ends', () => {
  test('while it works on a terminal fails that one only, the second time', async () => {
    const b = bench()
    const [one, two] = [b.open(), b.open()]
    await print(two.emulator, 'two')
    await print(one.emulator, 'one')
    const writing = print(one.emulator, ', evil')
    b.last().exit()
    await writing
    expect(await one.emulator.serialize()).toBe('one, evil')
    expect(await two.emulator.serialize()).toBe('two')
    expect([...one.failures, ...two.failures]).toEqual([])
    const again = print(one.emulator, ', and again')
    b.last().exit()
    expect(one.failures).toEqual(['Podkeeper closed this shell because its output could not be processed.'])
    await again
    expect(await two.emulator.serialize()).toBe('two')
    expect([two.failures, b.processes.length]).toEqual([[], 3])
  })

  test('while it rests fails none', async () => {
    const b = bench()
    const [one, two] = [b.open(), b.open()]
    await print(one.emulator, 'one')
    await print(two.emulator, 'two')
    b.last().exit()
    expect(await one.emulator.serialize()).toBe('one')
    expect(await two.emulator.serialize()).toBe('two')
    expect([...one.failures, ...two.failures]).toEqual([])
  })

  test('again and again fails each terminal once, and is not started without end', () => {
    const b = bench()
    const [one, two] = [b.open(), b.open()]
    for (const { emulator } of [one, two]) void print(emulator, 'x')
    for (let at = 0; at < 10; at++) b.last().exit()
    expect([one.failures.length, two.failures.length]).toEqual([1, 1])
    expect(b.processes).toHaveLength(4)
  })

  test('answers no query twice, and sets no title again', async () => {
    const b = bench()
    const { emulator, replies, titles } = b.open()
    await print(emulator, 'ab\x1b[6n\x1b]0;old\x07')
    titles.length = 0
    b.last().exit()
    expect(await emulator.serialize()).toBe('ab')
    expect([replies, titles]).toEqual([['\x1b[1;3R'], []])
  })

  test('answers no query twice either if it ends amid a write, once that is parsed again', async () => {
    const b = bench()
    const { emulator, replies } = b.open()
    await print(emulator, 'ab')
    b.last().hang()
    const written = print(emulator, '\x1b[6n and more')
    const { request } = b.last().requests.at(-1) ?? expect.fail('nothing was written')
    b.last().send({ ...reply, request, isDone: false, replies: '\x1b[1;3R' })
    expect(b.last().requests.at(-1)).toMatchObject({ kind: 'continue' })
    b.last().exit()
    await written
    expect(await emulator.serialize()).toBe('ab and more')
    expect(replies).toEqual(['\x1b[1;3R'])
  })
})

describe('what tells that a command ends', () => {
  test('are the marks of the shell and the line to the cursor, once each', async () => {
    const b = bench()
    const { emulator, marks, lines } = b.open()
    const osc = (data: string) => `\x1b]133;${data}\x07`
    await print(emulator, `${osc('A')}llama$ ${osc('B')}`)
    await print(emulator, `ls\r\n${osc('C')}out\r\n${osc('D;2')}llama$ `)
    expect(marks).toEqual(['prompt ', 'start ', 'end 2'])
    b.last().exit()
    await print(emulator, 'more')
    expect(marks).toHaveLength(3)
    expect(lines).toEqual(['llama$ ', 'llama$ ', 'llama$ more'])
  })

  test('is no line of a full-screen program, and none that is too long for a prompt', async () => {
    const { emulator, lines } = bench().open()
    emulator.resize({ columns: 500, rows: 5 })
    await print(emulator, 'x'.repeat(MAX_PROMPT_CHARS + 1))
    await print(emulator, '\r\n$ ')
    await print(emulator, '\x1b[?1049h$ ')
    expect(lines).toEqual(['', '$ ', ''])
  })

  test('are the last marks, if there are very many', async () => {
    const b = bench()
    const { emulator, marks } = b.open()
    await print(emulator, `${'\x1b]133;A\x07'.repeat(5_000)}\x1b]133;D;1\x07`)
    expect(marks.at(-1)).toBe('end 1')
    expect(b.reports).toEqual([])
  })
})

describe('the folder of a shell', () => {
  test('is what it reports by one of three sequences, once each, and nothing else', async () => {
    const b = bench()
    const { emulator, folders } = b.open()
    await print(emulator, '\x1b]7;file://pod/work%20space\x07$ ')
    await print(emulator, '\x1b]9;9;"/data"\x1b\\\x1b]9;done\x07\x1b]1337;CurrentDir=/mnt\x07')
    expect(folders).toEqual(['pod:/work space', 'null:/data', 'null:/mnt'])
    b.last().exit()
    await print(emulator, 'more')
    expect(folders).toHaveLength(3)
  })

  test('is the last ones, if there are very many or long ones', async () => {
    const b = bench()
    const { emulator, folders } = b.open()
    await print(
      emulator,
      `${'\x1b]7;file://pod/a\x07'.repeat(5_000)}\x1b]7;file://pod/${'x'.repeat(5_000)}\x07`,
    )
    expect(folders.at(-1)).toBe('pod:')
    await print(emulator, `\x1b]7;file://${'h'.repeat(300)}/b\x07`)
    expect(folders.at(-1)).toBe('null:/b')
    expect(b.reports).toEqual([])
  })
})

describe('what programs copy (OSC 52)', () => {
  const copy = (text: string): string => `\x1b]52;c;${Buffer.from(text).toString('base64')}\x07`

  test('is the last text of a write, once, and nothing that reads the clipboard', async () => {
    const b = bench()
    const { emulator, copied, replies } = b.open()
    await print(emulator, `${copy('one')}x${copy('two')}\x1b]52;c;?\x07\x1b]52;c;***\x07`)
    expect(copied).toEqual(['two'])
    await print(emulator, 'more')
    b.last().exit()
    await print(emulator, 'drawn anew')
    expect(copied).toEqual(['two'])
    expect(replies).toEqual([])
  })

  test('is nothing that is longer than allowed', async () => {
    const b = bench()
    const { emulator, copied } = b.open()
    await print(emulator, copy('x'.repeat(MAX_COPIED_CHARS + 1)))
    await print(emulator, copy('x'.repeat(MAX_COPIED_CHARS)))
    expect(copied.map(({ length }) => length)).toEqual([MAX_COPIED_CHARS])
    expect(b.reports).toEqual([])
  })
})

const reply = {
  request: 1,
  isDone: true,
  isOnAlternateScreen: false,
  linesUntilGone: 120,
  replies: '',
  title: null,
  marks: [],
  folders: [],
  copied: null,
  cursorLine: '',
  screen: null,
  isFound: null,
}

test('a process that sends a reply as it should be stays', () => {
  const b = bench()
  void print(b.open().emulator, 'x')
  b.last().send(reply)
  expect(b.processes.map((one) => one.wasKilled())).toEqual([false])
  expect(b.reports).toEqual([])
})

test.each([
  ['no reply', 'nonsense'],
  ['a reply to another request', { ...reply, request: 99 }],
  ['more answers than allowed', { ...reply, replies: 'x'.repeat(MAX_REPLY_CHARS + 1) }],
  ['a longer title than allowed', { ...reply, title: 'x'.repeat(MAX_TITLE_CHARS + 1) }],
  ['more marks than allowed', { ...reply, marks: Array(MAX_MARKS + 1).fill({ kind: 'start' }) }],
  ['a longer text to copy than allowed', { ...reply, copied: 'x'.repeat(MAX_COPIED_CHARS + 1) }],
  ['an exit code that there is not', { ...reply, marks: [{ kind: 'end', exitCode: 256 }] }],
  ['a longer line than a prompt', { ...reply, cursorLine: 'x'.repeat(MAX_PROMPT_CHARS + 1) }],
  ['something that nobody asked for', { ...reply, more: 1 }],
])('a process that sends %s is replaced', (_name, message) => {
  const b = bench()
  void print(b.open().emulator, 'x')
  b.last().send(message)
  expect(b.processes.map((one) => one.wasKilled())).toEqual([true, false])
  expect(b.reports).toEqual(['The terminal process sent invalid data.'])
})

describe('what is drawn anew', () => {
  test('is the last 2 MB, from the beginning of a line', async () => {
    const b = bench()
    const { emulator } = b.open()
    const lines = (from: number, to: number): string =>
      Array.from({ length: to - from }, (_, at) => `line ${from + at} ${'x'.repeat(80)}\r\n`).join('')
    for (let from = 0; from < 40_000; from += 1_000) await print(emulator, lines(from, from + 1_000))
    const before = await emulator.serialize()
    b.last().exit()
    expect(await emulator.serialize()).toBe(before)
    const bytes = b
      .last()
      .requests.reduce((sum, one) => sum + (one.kind === 'write' ? one.bytes.length : 0), 0)
    expect(bytes).toBeGreaterThan(1_900_000)
    expect(bytes).toBeLessThanOrEqual(2 * 1024 * 1024)
  })

  test('is drawn on the screen of full-screen programs, if one was active where it begins', async () => {
    const b = bench()
    const { emulator } = b.open()
    await print(emulator, 'shell\x1b[?1049h')
    for (let at = 0; at < 40; at++) await print(emulator, `${'editor\r\n'.repeat(10_000)}`)
    b.last().exit()
    await emulator.serialize()
    expect(emulator.isOnAlternateScreen()).toBe(true)
    await print(emulator, '\x1b[?1049l')
    expect(await emulator.serialize()).not.toContain('editor')
  })

  test('has the size that the terminal has by then', async () => {
    const b = bench()
    const { emulator } = b.open()
    await print(emulator, 'x'.repeat(60))
    emulator.resize({ columns: 80, rows: 24 })
    await print(emulator, '')
    b.last().exit()
    expect((await emulator.serialize()).replaceAll('\r\n', '')).toBe('x'.repeat(60))
    expect(b.last().requests[0]).toMatchObject({ kind: 'open', size: { columns: 80, rows: 24 } })
  })

  test('is no more than the line of the cursor after the terminal was cleared', async () => {
    const b = bench()
    const { emulator } = b.open()
    await print(emulator, 'old\r\nprompt$ ')
    emulator.clear()
    await print(emulator, 'ls')
    b.last().exit()
    expect(await emulator.serialize()).toBe('prompt$ ls')
  })
})
