import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { fail, ok, type Result } from '../../../src/core/base/result'
import type { TerminalOutput, TerminalSize } from '../../../src/core/terminal/terminal'
import type { SshFailure } from '../../../src/core/terminal/host-key'
import type { TerminalPod } from '../../../src/main/terminals/terminal-pod'
import { createTerminalSession } from '../../../src/main/terminals/terminal-session'
import type { ConnectPrompts, ShellEnd, SshShell, SshTarget } from '../../../src/ssh/connection/ssh-shell'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { plainMemory } from '../../harness/ssh/plain-memory'
import { createTestEmulator } from '../../harness/terminal/terminal-process'
import { hostKeyQuestion, server } from '../../harness/samples/terminal-view'

const SIZE = { columns: 80, rows: 24 }
const hostKey = { algorithm: 'ssh-ed25519', fingerprint: 'SHA256:known' }
const target: SshTarget = { accountId: 'a', podId: 'p', startedAtMs: 1, ssh: { direct: null, proxy: null } }

/** A shell behind the port, controlled by the test. */
function fakeShell() {
  const did: string[] = []
  let onData: (bytes: Uint8Array) => void = () => {}
  let onEnd: (end: ShellEnd) => void = () => {}
  const shell: SshShell = {
    server,
    hostKey,
    measureRoundTrip: () => Promise.resolve(12.4),
    unsentBytes: () => 0,
    write: (bytes) => did.push(`write ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`),
    resize: ({ columns, rows }) => did.push(`resize ${columns}x${rows}`),
    pause: () => did.push('pause'),
    resume: () => did.push('resume'),
    setReadingSpeed: (bytesPerMs) => did.push(`reading speed ${bytesPerMs}`),
    onData: (listener) => (onData = listener),
    onEnd: (listener) => (onEnd = listener),
    close: () => did.push('close'),
  }
  const print = (text: string): void => onData(Buffer.from(text))
  return { shell, did, print, end: (how: ShellEnd) => onEnd(how) }
}

interface Try {
  readonly size: TerminalSize
  readonly prompts: ConnectPrompts
  readonly signal: AbortSignal
  readonly answer: (result: Result<SshShell, SshFailure>) => void
}

function bench() {
  const clock = createFakeClock()
  const tries: Try[] = []
  const sent: TerminalOutput[] = []
  const inputs = { count: 0 }
  let attachments = 0
  const pod: TerminalPod = {
    name: 'llama',
    target,
    unavailableReason: null,
    isStopped: false,
    uptimeS: 3_600,
  }
  const hostKeys: { asked: unknown[]; answer: (isTrusted: boolean) => void } = { asked: [], answer: () => {} }
  const session = createTerminalSession({
    id: 't',
    accountId: 'a',
    podId: 'p',
    pod,
    emulator: createTestEmulator(SIZE, 100),
    openShell: (_target, size, prompts, signal) =>
      new Promise((answer) => tries.push({ size, prompts, signal, answer })),
    memory: plainMemory,
    clock,
    random: () => 0.999,
    newAttachment: () => (attachments += 1),
    send: (output) => sent.push(output),
    askHostKey: (podName, asked, signal) => {
      hostKeys.asked.push([podName, asked.offered.fingerprint])
      return new Promise((resolve) => {
        hostKeys.answer = resolve
        signal.addEventListener('abort', () => resolve(false))
      })
    },
    askPassphrase: () => Promise.resolve('secret'),
    onChange: () => {},
    isWindowFocused: () => false,
    onCommandEnd: () => {},
    onSeen: () => {},
    onInput: () => (inputs.count += 1),
    onOpen: () => {},
    onFailure: () => {},
    onEnd: () => {},
  })
  onTestFinished(() => session.close())
  const state = () => session.view().state
  const isOpen = () => vi.waitFor(() => expect(state().kind).toBe('open'), { interval: 1 })
  async function open() {
    const far = fakeShell()
    tries.at(-1)!.answer(ok(far.shell))
    await isOpen()
    return far
  }
  const lose = { kind: 'lost', reason: 'The connection broke off.' } as const
  return { session, clock, tries, sent, inputs, pod, state, open, lose, hostKeys }
}

const question = { ...hostKeyQuestion, offered: hostKey }

describe('a lost connection', () => {
  test('is retried when it is due, and not before', async () => {
    const b = bench()
    const far = await b.open()
    far.end(b.lose)
    expect(b.state()).toMatchObject({ kind: 'waiting', tries: 1 })
    b.clock.advance(998)
    expect(b.tries).toHaveLength(1)
    b.clock.advance(1)
    expect(b.tries).toHaveLength(2)
    await b.open()
  })

  test('is retried immediately when the computer wakes up or the network is back, and only once', async () => {
    const b = bench()
    const far = await b.open()
    far.end(b.lose)
    b.session.retryNow()
    b.session.retryNow()
    expect(b.tries).toHaveLength(2)
    b.clock.advance(120_000)
    expect(b.tries).toHaveLength(2)
  })

  test('is retried immediately and once when the pod becomes reachable', async () => {
    const b = bench()
    const far = await b.open()
    b.session.updatePod({ ...b.pod, target: null })
    far.end(b.lose)
    b.session.updatePod({ ...b.pod, target: null })
    expect(b.tries).toHaveLength(1)
    const restarted = { ...b.pod, target: { ...target, startedAtMs: 2 } }
    b.session.updatePod(restarted)
    b.tries.at(-1)!.answer(fail({ kind: 'no-ssh-server', server }))
    await vi.waitFor(() => expect(b.state()).toMatchObject({ kind: 'waiting', tries: 2 }))
    b.session.updatePod(restarted)
    expect(b.tries).toHaveLength(2)
  })

  test('does not count the window’s backlog against the next shell', async () => {
    const b = bench()
    const { attachment } = await b.session.attach(SIZE)
    const far = await b.open()
    while (!far.did.includes('pause')) far.print('x'.repeat(32_768))
    far.end(b.lose)
    b.clock.advance(1_000)
    const next = await b.open()
    expect(next.did).toContain('pause')
    b.session.output.ack(attachment, 1_000_000)
    await vi.waitFor(() => {
      b.session.output.ack(attachment, 1_000_000)
      expect(next.did).toContain('resume')
    })
  })
})

describe('when a tab is closed', () => {
  test('an attempt is aborted, and a shell that opens too late is closed', async () => {
    const b = bench()
    const [first] = b.tries
    b.session.close()
    expect(first!.signal.aborted).toBe(true)
    const far = fakeShell()
    first!.answer(ok(far.shell))
    await vi.waitFor(() => expect(far.did).toEqual(['close']))
  })

  test('its host key prompt is refused', async () => {
    const b = bench()
    const { prompts, signal } = b.tries[0]!
    const answer = prompts.confirmHostKey(question, signal)
    expect(b.state().kind).toBe('asking')
    b.session.close()
    expect(await answer).toBe(false)
  })

  test('a window that is attaching still gets a reply', async () => {
    const b = bench()
    const attaching = b.session.attach(SIZE)
    b.session.close()
    expect(await attaching).toMatchObject({ size: SIZE })
  })
})

test('an answered prompt is not shown while the connection continues', async () => {
  const b = bench()
  const { prompts, signal } = b.tries[0]!
  const answer = prompts.confirmHostKey(question, signal)
  expect(b.hostKeys.asked).toEqual([[b.session.view().podName, hostKey.fingerprint]])
  b.hostKeys.answer(true)
  expect(await answer).toBe(true)
  expect(b.state()).toEqual({ kind: 'connecting', step: 'checking-host-key' })
  expect(await prompts.requestPassphrase('k', false, signal)).toBe('secret')
  expect(b.state()).toEqual({ kind: 'connecting', step: 'signing-in' })
  expect(JSON.stringify(b.session.view())).not.toContain('secret')
})

test('a shell is told the size that its window got meanwhile', async () => {
  const b = bench()
  b.session.resize({ columns: 120, rows: 40 })
  expect(b.tries[0]!.size).toEqual(SIZE)
  const far = await b.open()
  expect(far.did).toContain('resize 120x40')
})

test('cleared output is shown to no later window, except for the line of the cursor', async () => {
  const b = bench()
  const far = await b.open()
  far.print(`${'old\r\n'.repeat(40)}prompt$ `)
  await vi.waitFor(async () => expect((await b.session.attach(SIZE)).screen).toContain('prompt$'))
  b.session.clear()
  const { screen } = await b.session.attach(SIZE)
  expect(screen).toContain('prompt$')
  expect(screen).not.toContain('old')
})

test('automatic replies of the terminal go to the program, and do not count as input', async () => {
  const b = bench()
  const far = await b.open()
  far.print('\x1b[6n')
  await vi.waitFor(() => expect(far.did).toContain('write "\\u001b[1;1R"'))
  b.session.type('\x1b[2;2R', 'text')
  expect(b.inputs.count).toBe(0)
  b.session.type('é', 'text')
  b.session.type('\u00ff', 'bytes')
  expect(far.did.slice(-2)).toEqual(['write "Ã©"', 'write "ÿ"'])
  expect(b.inputs.count).toBe(2)
})

describe('input before the shell is open', () => {
  const writes = ({ did }: ReturnType<typeof fakeShell>) => did.filter((line) => line.startsWith('write'))
  /** A session whose connection was lost and is being retried. */
  async function seeking() {
    const b = bench()
    const far = await b.open()
    far.end(b.lose)
    return b
  }
  const isRefused = async (b: ReturnType<typeof bench>, words: RegExp) => {
    const typed = b.session.type('rm -rf x\r', 'text')
    expect(typed).toEqual(fail(expect.stringMatching(words)))
    expect(b.session.view().bufferedInput).toBeNull()
    if (b.state().kind !== 'connecting') return
    const far = await b.open()
    await flushPromises()
    expect(writes(far)).toEqual([])
  }

  test('is sent to the shell in order, before later input, and counts as input then', async () => {
    const b = bench()
    b.session.type('nvidia', 'text')
    b.tries[0]!.prompts.onStep('signing-in')
    b.session.type('-smi é\r', 'text')
    b.session.type('\u00ff', 'bytes')
    expect(b.session.view().bufferedInput).toBe('kept')
    expect(b.inputs.count).toBe(0)
    const far = await b.open()
    expect(writes(far)).toEqual(['write "nvidia-smi Ã©\\rÿ"'])
    expect([b.inputs.count, b.session.view().bufferedInput]).toEqual([1, null])
    b.session.type('x', 'text')
    expect(writes(far).at(-1)).toBe('write "x"')
  })

  test('is rejected above 4 KB, and so is all that follows, because a command must have no gap', async () => {
    const b = bench()
    expect(b.session.type('a'.repeat(4_096), 'text').ok).toBe(true)
    expect(b.session.type('b', 'text')).toEqual(fail(expect.stringContaining('Too much input is waiting')))
    expect(writes(await b.open())).toEqual([`write "${'a'.repeat(4_096)}"`])
    const other = bench()
    other.session.type('rm -rf ', 'text')
    expect(other.session.type('c'.repeat(4_097), 'text').ok).toBe(false)
    expect(other.session.type('\r', 'text').ok).toBe(false)
    const far = await other.open()
    expect(writes(far)).toEqual(['write "rm -rf "'])
    expect(other.session.type('d', 'text').ok).toBe(true)
  })

  test('is dropped when a host key prompt appears, which is shown until the user types again', async () => {
    const b = bench()
    const { prompts, signal } = b.tries[0]!
    b.session.type('yes\r', 'text')
    const answer = prompts.confirmHostKey(question, signal)
    expect(b.session.view()).toMatchObject({ state: { kind: 'asking' }, bufferedInput: 'dropped' })
    expect(b.session.type('yes\r', 'text')).toEqual(fail(expect.stringContaining('Answer the question')))
    b.hostKeys.answer(true)
    await answer
    // From here on the server is trusted.
    expect(b.session.type('ls', 'text').ok).toBe(true)
    const far = await b.open()
    expect(writes(far)).toEqual(['write "ls"'])
    expect(b.session.view().bufferedInput).toBe('dropped')
    b.session.type('\x1b[2;2R', 'text')
    expect(b.session.view().bufferedInput).toBe('dropped')
    b.session.type('\r', 'text')
    expect(b.session.view().bufferedInput).toBeNull()
  })

  test('is dropped when a passphrase prompt appears', async () => {
    const b = bench()
    const { prompts, signal } = b.tries[0]!
    b.session.type('secr', 'text')
    const asking = prompts.requestPassphrase('k', false, signal)
    expect(b.session.view().bufferedInput).toBe('dropped')
    expect(b.session.type('et', 'text').ok).toBe(false)
    await asking
    expect(writes(await b.open())).toEqual([])
  })

  test('is dropped when the attempt fails, also when another one leads to a shell', async () => {
    const b = bench()
    b.session.type('ls\r', 'text')
    b.tries[0]!.answer(fail({ kind: 'no-key' }))
    await vi.waitFor(() => expect(b.state().kind).toBe('failed'))
    expect(b.session.view().bufferedInput).toBe('dropped')
    expect(b.session.type('x', 'text').ok).toBe(false)
    b.session.retry()
    expect(writes(await b.open())).toEqual([])
  })

  test('is dropped when the pod stops meanwhile', () => {
    const b = bench()
    b.session.type('ls\r', 'text')
    b.session.updatePod({ ...b.pod, unavailableReason: 'The pod is stopped.' })
    expect(b.session.view()).toMatchObject({ state: { kind: 'ended' }, bufferedInput: 'dropped' })
  })

  test('is dropped when the shell has ended by the time that it is open', async () => {
    const b = bench()
    b.session.type('ls\r', 'text')
    const far = fakeShell()
    const ended: SshShell = {
      ...far.shell,
      onEnd: (listener) => listener({ kind: 'exited', code: 1, signal: null }),
    }
    b.tries[0]!.answer(ok(ended))
    await vi.waitFor(() => expect(b.state().kind).toBe('ended'))
    expect([writes(far), b.session.view().bufferedInput]).toEqual([[], 'dropped'])
  })

  test('is rejected while a lost connection is retried, because that leads to another shell', async () => {
    await isRefused(await seeking(), /lost/)
    const due = await seeking()
    due.clock.advance(1_000)
    await isRefused(due, /Type once the terminal is open/)
    const asked = await seeking()
    asked.session.retry()
    expect(asked.state().kind).toBe('connecting')
    await isRefused(asked, /Type once the terminal is open/)
  })

  test('is kept again once the user requested a shell in place of one that ended', async () => {
    const b = bench()
    const far = await b.open()
    far.end({ kind: 'exited', code: 0, signal: null })
    expect(b.session.type('x', 'text')).toEqual(fail('The terminal is not connected.'))
    b.session.retry()
    expect(b.session.type('ls\r', 'text').ok).toBe(true)
    expect(writes(await b.open())).toEqual(['write "ls\\r"'])
  })

  test('does not include the terminal’s automatic replies to an earlier program', () => {
    const b = bench()
    expect(b.session.type('\x1b[2;2R', 'text').ok).toBe(true)
    expect(b.session.view().bufferedInput).toBeNull()
  })
})

const stopped = { target: null, unavailableReason: 'The pod is stopped.', isStopped: true }
const keysRefused = fail({ kind: 'keys-refused', server, keyNames: ['id_ed25519'] } as const)

describe('a terminal that failed', () => {
  async function failedBench() {
    const b = bench()
    b.tries.at(-1)!.answer(keysRefused)
    await vi.waitFor(() => expect(b.state().kind).toBe('failed'), { interval: 1 })
    await b.session.attach(SIZE)
    return b
  }

  test('says that its pod is stopped once that is known, before or after the failure', async () => {
    const before = await failedBench()
    for (const pod of [{ ...before.pod, ...stopped }, before.pod]) before.session.updatePod(pod)
    expect(before.tries).toHaveLength(2)
    const after = bench()
    after.session.updatePod({ ...after.pod, ...stopped })
    after.tries.at(-1)!.answer(keysRefused)
    await vi.waitFor(() => expect(after.state()).toMatchObject({ kind: 'ended' }), { interval: 1 })
  })

  test('reconnects by itself after a restart of its pod, and not while that runs on', async () => {
    const b = await failedBench()
    for (const uptimeS of [3_590, null]) b.session.updatePod({ ...b.pod, uptimeS })
    expect([b.tries.length, b.state().kind]).toEqual([1, 'failed'])
    const restarted = { ...b.pod, uptimeS: 3 }
    b.session.updatePod(restarted)
    expect(b.tries).toHaveLength(2)
    b.tries.at(-1)!.answer(keysRefused)
    await vi.waitFor(() => expect(b.state().kind).toBe('failed'), { interval: 1 })
    b.session.updatePod(restarted)
    b.session.updatePod({ ...restarted, target: { ...target, startedAtMs: 9_000_000 } })
    expect(b.tries).toHaveLength(3)
  })
})

describe('a terminal whose pod stopped', () => {
  /** A terminal whose shell was open when its pod stopped. */
  async function stoppedBench() {
    const b = bench()
    await b.open()
    b.session.updatePod({ ...b.pod, ...stopped })
    expect(b.state()).toMatchObject({ kind: 'ended', reason: 'The pod is stopped.', isPodStopped: true })
    return b
  }

  test('reconnects when the pod runs again, if a window shows it', async () => {
    const b = await stoppedBench()
    await b.session.attach(SIZE)
    expect(b.tries).toHaveLength(1)
    b.session.updatePod({ ...b.pod, target: null })
    expect(b.state()).toMatchObject({ kind: 'ended', reason: 'The pod is not ready yet.' })
    expect(b.tries).toHaveLength(1)
    b.session.updatePod(b.pod)
    expect(b.tries).toHaveLength(2)
    await b.open()
  })

  test('reconnects only once it is shown, if no window shows it', async () => {
    const b = await stoppedBench()
    b.session.updatePod(b.pod)
    b.session.updatePod(b.pod)
    expect([b.tries.length, b.state()]).toMatchObject([
      1,
      { kind: 'ended', reason: 'The pod is running again.' },
    ])
    await b.session.attach(SIZE)
    expect(b.tries).toHaveLength(2)
    await b.open()
  })

  test('is tried again while the pod boots, as after a lost connection', async () => {
    const b = await stoppedBench()
    await b.session.attach(SIZE)
    b.session.updatePod(b.pod)
    b.tries.at(-1)!.answer(fail({ kind: 'unreachable', server, message: 'Nothing answers.' }))
    await vi.waitFor(() => expect(b.state().kind).toBe('waiting'), { interval: 1 })
    b.clock.advance(1_000)
    expect(b.tries).toHaveLength(3)
    await b.open()
  })

  test('passes nothing that was typed for the last shell on to the next', async () => {
    const b = await stoppedBench()
    await b.session.attach(SIZE)
    b.session.updatePod(b.pod)
    expect(b.session.type('rm -r data\r', 'text').ok).toBe(false)
    expect((await b.open()).did.filter((line) => line.startsWith('write'))).toEqual([])
  })

  test('stays as it is when the pod is gone, or its account left', async () => {
    const gone = await stoppedBench()
    await gone.session.attach(SIZE)
    gone.session.updatePod({ ...gone.pod, target: null, unavailableReason: 'The pod is gone.' })
    expect(gone.state()).toMatchObject({ reason: 'The pod is gone.', isPodStopped: false })
    gone.session.updatePod(gone.pod)
    const left = bench()
    await left.open()
    await left.session.attach(SIZE)
    left.session.end('Its account is no longer connected.')
    left.session.updatePod(left.pod)
    expect([gone.tries.length, left.tries.length]).toEqual([1, 1])
  })

  test('stays ended when the user had ended its shell', async () => {
    const b = bench()
    const far = await b.open()
    await b.session.attach(SIZE)
    far.end({ kind: 'exited', code: 0, signal: null })
    b.session.updatePod({ ...b.pod, ...stopped })
    b.session.updatePod(b.pod)
    expect([b.tries.length, b.state()]).toMatchObject([1, { kind: 'ended', reason: 'The shell ended.' }])
  })
})

test('a connect function that throws is a failure with a message, and the user can retry', async () => {
  const b = bench()
  b.tries[0]!.answer(Promise.reject(new Error('no such thing')) as never)
  await vi.waitFor(() =>
    expect(b.state()).toMatchObject({
      kind: 'failed',
      failure: { kind: 'no-shell', message: expect.stringContaining('no such thing') },
    }),
  )
  expect(b.session.retry()).toEqual(ok(undefined))
  await b.open()
})
