import { describe, expect, test } from 'vitest'
import { fuzzControlRound } from '../../../bench/hostile/control-fuzz'
import { asciiText } from '../../../src/core/terminal/tmux/control-parser'
import type { ShellEnd, SshShell } from '../../../src/ssh/connection/ssh-shell'
import { createControlCommands } from '../../../src/ssh/sessions/control-commands'
import { openControlShell } from '../../../src/ssh/sessions/control-shell'

/* A pod that pretends to be tmux: what it may make the main process do and hold. */

const size = { columns: 80, rows: 24 }

interface FakePod {
  readonly shell: SshShell
  /** Lines of commands that arrived since the last call. */
  readonly taken: () => string[]
  readonly send: (text: string) => void
  /** Replies to the next so many commands of the client. */
  readonly reply: (...bodies: readonly string[]) => void
  readonly received: () => string
  readonly end: () => ShellEnd | null
  readonly isClosed: () => boolean
  /** Whether more is received. */
  readonly isFlowing: () => boolean
}

async function startFakePod(isNew = true): Promise<FakePod> {
  let lines: string[] = []
  let onData = (_bytes: Uint8Array): void => {}
  let isClosed = false
  let isFlowing = true
  const channel = {
    write: (bytes: Uint8Array) => void lines.push(asciiText(bytes)),
    unsentBytes: () => 0,
    onData: (listener: typeof onData) => void (onData = listener),
    onEnd: () => {},
    pause: () => void (isFlowing = false),
    resume: () => void (isFlowing = true),
    close: () => void (isClosed = true),
  } as unknown as SshShell
  const opening = openControlShell(
    channel,
    { nonce: 'abc', script: 'start\n', size, historyLines: 500, isNew },
    new AbortController().signal,
  )
  const send = (text: string): void => onData(Buffer.from(text, 'latin1'))
  let number = 0
  const reply: FakePod['reply'] = (...bodies) => {
    for (const body of bodies)
      send(`%begin 1 ${++number} 1\n${body === '' ? '' : `${body}\n`}%end 1 ${number} 1\n`)
  }
  send('%session-changed $0 name\n')
  reply('', '', '%0,0')
  if (!isNew) reply(state(), 'history', '')
  const shell = await opening
  if (shell === null) throw new Error('not opened')
  let received = ''
  let end: ShellEnd | null = null
  shell.onData((bytes) => void (received += asciiText(bytes)))
  shell.onEnd((how) => void (end = how))
  lines = []
  return {
    shell,
    taken: () => lines.splice(0),
    send,
    reply,
    received: () => received,
    end: () => end,
    isClosed: () => isClosed,
    isFlowing: () => isFlowing,
  }
}

/** The reply to the question about the screen. */
const state = (): string => [80, 24, 0, 0, 0, 0, ...Array.from({ length: 16 }, () => '0'), ''].join(',')

describe('a pod that pretends to be tmux', () => {
  test('reports pauses without end: one redraw is on its way, and one follows it', async () => {
    const pod = await startFakePod()
    pod.reply('')
    for (let count = 0; count < 1_000; count++) pod.send('%pause %0\n%output %0 lost\n'.repeat(20))
    const [redraw = '', ...more] = pod.taken()
    expect(redraw).toMatch(/^refresh-client -A '%0:continue' ; display-message/)
    expect(more).toEqual([])
    pod.reply('', state(), 'the screen', '')
    // Output that came before the screen is part of it.
    expect(pod.received()).toContain('the screen')
    expect(pod.received()).not.toContain('lost')
    expect(pod.taken()).toEqual([redraw])
    pod.reply('', state(), 'the screen again', '')
    pod.send('%output %0 and on\n')
    expect(pod.received()).toMatch(/the screen again[^]*and on$/)
    expect(pod.taken()).toEqual([])
  })

  test('takes 32 KB of lines, however short, in one turn of the event loop, and then the rest', async () => {
    const pod = await startFakePod()
    const nextTurn = () => new Promise((settle) => setTimeout(settle, 0))
    await nextTurn()
    const part = '%output %0 x\n'.repeat(1_250)
    pod.send(part)
    expect(pod.isFlowing()).toBe(true)
    pod.send(part)
    pod.send(part)
    expect(pod.isFlowing()).toBe(false)
    pod.shell.resume()
    expect(pod.isFlowing()).toBe(false)
    await nextTurn()
    expect(pod.isFlowing()).toBe(true)
    expect(pod.received()).toBe('x'.repeat(3_750))
    pod.shell.pause()
    pod.send(part.repeat(3))
    await nextTurn()
    expect(pod.isFlowing()).toBe(false)
  })

  test('writes anything: what is passed on doesn’t depend on how it is split, and nothing is sent without end', async () => {
    for (let seed = 1; seed <= 20; seed++) await fuzzControlRound(seed, 200)
  })

  test('a reply without an end closes the session, after so many lines as after so many bytes', async () => {
    for (const [line, lines] of [
      ['', 16_001],
      ['x'.repeat(100_000), 168],
    ] as const) {
      const pod = await startFakePod()
      pod.send(`%begin 9 9 1\n${`${line}\n`.repeat(lines - 1)}`)
      expect(pod.end()).toBeNull()
      pod.send(`${line}\n`)
      expect(pod.end()).toEqual({ kind: 'lost', reason: 'The server sent what tmux never sends.' })
      expect(pod.isClosed()).toBe(true)
    }
  })

  test('it replies to no command: they are not kept without end', () => {
    const reasons: string[] = []
    const sent: string[] = []
    let unsentBytes = 0
    const channel = {
      write: (bytes: Uint8Array) => void sent.push(asciiText(bytes)),
      unsentBytes: () => unsentBytes,
    }
    const commands = createControlCommands(channel, (reason) => void reasons.push(reason))
    for (let count = 0; count < 50_000; count++) commands.run('send-keys')
    expect([sent.length, reasons]).toEqual([50_000, []])
    commands.run('send-keys')
    expect(reasons).toEqual(['The pod no longer answers what is typed.'])
    commands.onReply({ kind: 'reply', isOurs: true, isError: false, body: new Uint8Array(0) })
    commands.run('send-keys')
    expect([sent.length, reasons.length]).toEqual([50_001, 1])
    unsentBytes = 65 * 1024 * 1024
    commands.run('send-keys')
    expect(reasons).toHaveLength(2)
    commands.close()
    unsentBytes = 0
    commands.run('send-keys')
    expect([sent.length, reasons.length]).toEqual([50_001, 2])
  })

  test('many pieces of output arrive as one, in their place among notices and replies', async () => {
    const pod = await startFakePod(false)
    expect(pod.received()).toContain('history')
    const pieces: string[] = []
    pod.shell.onData((bytes) => void pieces.push(asciiText(bytes)))
    pod.send(`${'%output %0 a\n%output %7 other\n%layout-change\n'.repeat(3)}%output %0 b\n`)
    expect(pieces).toEqual(['aaab'])
  })
})
