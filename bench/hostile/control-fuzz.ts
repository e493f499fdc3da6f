import type { ShellEnd, SshShell } from '../../src/ssh/connection/ssh-shell'
import { openControlShell } from '../../src/ssh/sessions/control-shell'
import { createSeededRandom, type SeededRandom } from '../seeded-random'
import { createControlOutput, SCREEN } from './control-grammar'

/** A session of a pod that can write what tmux never does. */
async function startSession() {
  let onData = (_bytes: Uint8Array): void => {}
  let sent = 0
  let close = (): void => {}
  const channel = {
    write: () => void (sent += 1),
    unsentBytes: () => 0,
    onData: (listener: typeof onData) => void (onData = listener),
    onEnd: (listener: (end: ShellEnd) => void) =>
      void (close = () => listener({ kind: 'lost', reason: 'closed' })),
    pause: () => {},
    resume: () => {},
    close: () => close(),
  } as unknown as SshShell
  const opening = openControlShell(
    channel,
    { nonce: 'abc', script: '', size: { columns: 80, rows: 24 }, historyLines: 500, isNew: false },
    new AbortController().signal,
  )
  const send = (bytes: Uint8Array): void => onData(bytes)
  send(Buffer.from('%session-changed $0 name\n'))
  for (const [at, body] of ['', '', '%0,0', SCREEN, 'history', ''].entries())
    send(Buffer.from(`%begin 0 ${at} 1\n${body}\n%end 0 ${at} 1\n`))
  const shell = await opening
  if (shell === null) throw new Error('a session was not opened')
  let end: ShellEnd | null = null
  const received: Uint8Array[] = []
  shell.onData((bytes) => void received.push(bytes.slice()))
  shell.onEnd((how) => void (end = how))
  return { shell, send, sent: () => sent, end: () => end, received: () => Buffer.concat(received) }
}

/**
 * Reads generated output of a pod that pretends to be tmux in two sessions: as a whole, and in chunks of any length. Throws
 * if what they pass on differs, or if a pod makes the session send without end. Returns the longest chunk, as ms of
 * processor time.
 */
export async function fuzzControlRound(seed: number, count: number): Promise<number> {
  const random = createSeededRandom(seed)
  let longestMs = 0
  for (let at = 0; at < count; at += OF_A_SESSION)
    longestMs = Math.max(longestMs, await fuzzSession(random, OF_A_SESSION, seed))
  return longestMs
}

/** Lines of commands: those of the start, and one redraw for each reply to the one before. */
const MAX_SENT = 50

/** Most sessions end by something that tmux never writes, so that longer ones would test less. */
const OF_A_SESSION = 25

async function fuzzSession(random: SeededRandom, count: number, seed: number): Promise<number> {
  const grammar = createControlOutput()
  const output = Buffer.concat(Array.from({ length: count }, () => grammar(random)))
  const [whole, inChunks] = [await startSession(), await startSession()]
  try {
    whole.send(output)
    let longestMs = 0
    for (let at = 0; at < output.length;) {
      const length = random.pick([1, 2, 3, 20, 500, 40_000])
      const before = process.cpuUsage()
      inChunks.send(output.subarray(at, at + length))
      const { user, system } = process.cpuUsage(before)
      longestMs = Math.max(longestMs, (user + system) / 1_000)
      at += length
    }
    if ((whole.end() === null) !== (inChunks.end() === null))
      throw new Error(`seed ${seed}: whether a session goes on depends on how its output is split`)
    if (whole.end() === null && !whole.received().equals(inChunks.received()))
      throw new Error(`seed ${seed}: what a session passes on depends on how it is split`)
    for (const { sent } of [whole, inChunks])
      if (sent() > MAX_SENT) throw new Error(`seed ${seed}: a pod makes a session send ${sent()} lines`)
    return longestMs
  } finally {
    whole.shell.close()
    inChunks.shell.close()
  }
}
