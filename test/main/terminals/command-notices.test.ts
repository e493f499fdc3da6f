import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hasTmux, startTmuxPod } from '../../harness/ssh/tmux-pod'
import { startRelay } from '../../harness/ssh/openssh-for-test'
import { terminalsBench } from '../../harness/terminal/terminals-fixture'

/* Ends of commands in real shells on a real OpenSSH server, as they are reported to a person who asked for them. */

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })

/** What bash needs to send marks. */
const MARKS = String.raw`PS0='\e]133;C\a'; PROMPT_COMMAND='printf "\e]133;D;$?\a"'; PS1='\[\e]133;A\a\]marked$ \[\e]133;B\a\]'`

async function shell({ hasMarks = false, keepsSessions = false }) {
  const b = terminalsBench({ keepsSessions })
  const pod = await startTmuxPod({ authorized: [b.key.publicLine] }, keepsSessions)
  if (hasMarks)
    for (const file of ['.bash_profile', '.bashrc']) appendFileSync(join(pod.home, file), `${MARKS}\n`)
  const relay = await startRelay(pod.server.port)
  b.show([b.podAt({ port: relay.port, username: pod.server.username })])
  const id = await b.openTrusted()
  const attached = await b.terminals.attach(id, { columns: 90, rows: 20 })
  const prompt = hasMarks ? 'marked$ ' : 'ready$ '
  await poll(() => `${attached.ok ? attached.value.screen : ''}${b.textSent()}`).toContain(prompt)
  await poll(() => b.session(id).output.pendingBytes()).toBe(0)
  // A resized shell may draw its prompt again.
  b.session(id).type('echo go$((1))\r', 'text')
  await poll(() => b.textSent()).toMatch(/go1\r\n[^]*\$ /)
  await poll(() => b.session(id).output.pendingBytes()).toBe(0)
  const type = (text: string) => b.session(id).type(text, 'text')
  /** Runs a command that reads until it is let go, then `after`. */
  async function runUntil(count: number, after: string) {
    type(`echo up$((${count})); cat; ${after}\r`)
    await poll(() => b.textSent()).toContain(`up${count}\r\n`)
    await poll(() => b.session(id).output.pendingBytes()).toBe(0)
    expect(ends()).toHaveLength(count - 1)
    type('\x04')
    await poll(ends).toHaveLength(count)
  }
  const isOpenAgain = () => poll(() => b.news.filter(({ kind }) => kind === 'opened')).toHaveLength(2)
  const ask = () => b.session(id).notifyOfCommand(true)
  const ends = () => b.news.flatMap((one) => (one.kind === 'command-ended' ? [one.end] : []))
  return { b, id, runUntil, type, ask, ends, relay, isOpenAgain }
}

test.each([false, true])('bash with marks tells the exit code (in a session: %s)', async (keepsSessions) => {
  if (keepsSessions && !hasTmux) return
  const { b, id, runUntil, ask, ends } = await shell({ hasMarks: true, keepsSessions })
  ask()
  await runUntil(1, '(exit 3)')
  expect(ends()).toMatchObject([{ how: 'mark', exitCode: 3 }])
  expect(b.view(id).isCommandWatched).toBe(false)
  ask()
  await runUntil(2, 'true')
  expect(ends()).toMatchObject([{ exitCode: 3 }, { how: 'mark', exitCode: 0 }])
})

test('a plain shell tells that a command ended by its prompt, never an exit code', async () => {
  const { runUntil, ask, ends } = await shell({})
  ask()
  await runUntil(1, 'echo is not ready$; false')
  expect(ends()).toMatchObject([{ how: 'prompt', exitCode: null, program: null }])
})

test.skipIf(!hasTmux)(
  'a program that continues through a break ends later, by the shell in the foreground',
  async () => {
    const { b, id, type, ask, ends, relay, isOpenAgain } = await shell({ keepsSessions: true })
    ask()
    type("cat; PS1='another '\r")
    await poll(() => b.session(id).remembered()?.command).toBe('cat')
    relay.cut()
    await isOpenAgain()
    await poll(() => b.session(id).remembered()?.command).toBe('cat')
    expect(ends()).toEqual([])
    type('\x04')
    await poll(ends).toMatchObject([{ how: 'foreground', exitCode: null, program: 'cat' }])
  },
)

test('a plain shell that is lost takes its command with it', async () => {
  const { type, ask, ends, relay, isOpenAgain } = await shell({})
  ask()
  type('cat\r')
  relay.cut()
  await isOpenAgain()
  expect(ends()).toMatchObject([{ how: 'lost', exitCode: null }])
})

test('what was reported is seen when a person looks at the terminal, and not before', async () => {
  const { b, runUntil, ask } = await shell({})
  const seen = () => b.news.filter(({ kind }) => kind === 'seen')
  ask()
  await runUntil(1, 'true')
  expect(seen()).toEqual([])
  b.look(true)
  b.look(true)
  expect(seen()).toHaveLength(1)
})

test('what was reported of a window of its own is seen there, and not in the main window', async () => {
  const { b, id, runUntil, ask } = await shell({})
  const placed = b.terminals.place(id, 'own-window')
  await b.terminals.attach(id, { columns: 90, rows: 20 })
  const seen = () => b.news.filter(({ kind }) => kind === 'seen')
  ask()
  await runUntil(1, 'true')
  b.look(true)
  expect(seen()).toEqual([])
  b.look(true, placed.ok ? placed.value : null)
  expect(seen()).toHaveLength(1)
})
