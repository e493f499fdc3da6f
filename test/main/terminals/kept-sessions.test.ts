import { describe, expect, test } from 'vitest'
import { startRelay } from '../../harness/ssh/openssh-for-test'
import { hasTmux, startTmuxPod } from '../../harness/ssh/tmux-pod'
import { memoryStore, terminalsBench } from '../../harness/terminal/terminals-fixture'

/* Terminals in sessions of the real tmux on a real OpenSSH server, through the end of a connection and of Podkeeper. */

const SIZE = { columns: 90, rows: 20 }
const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })

async function keeping(hasTmuxInPath = true) {
  const tabStore = memoryStore()
  const b = terminalsBench({ tabStore, keepsSessions: true })
  const pod = await startTmuxPod({ authorized: [b.key.publicLine] }, hasTmuxInPath)
  const relay = await startRelay(pod.server.port)
  const at = { port: relay.port, username: pod.server.username }
  /** Lists the pod as it runs since this time. */
  const show = (bench = b, startedAtMs = 1_000): void => bench.show([bench.podAt(at, { startedAtMs })])
  show()
  /** The next run of Podkeeper, after a crash. */
  const restart = () => {
    const kept = tabStore.kept()
    b.terminals.dispose()
    const next = terminalsBench({
      tabStore: memoryStore(kept),
      keepsSessions: true,
      here: b.here,
      key: b.key,
    })
    return { ...next, id: () => next.terminals.view().terminals[0]?.id ?? '' }
  }
  const screen = async (bench: typeof b, id: string): Promise<string> => {
    const attached = await bench.terminals.attach(id, SIZE)
    return attached.ok ? attached.value.screen : attached.error
  }
  return { b, pod, tabStore, show, restart, screen, relay }
}

describe.skipIf(!hasTmux)('a terminal on a pod with tmux', () => {
  test('is in the same session after its connection broke', async () => {
    const { b, screen, relay, pod } = await keeping()
    const id = await b.openTrusted()
    expect(b.view(id).isKept).toBe(true)
    b.session(id).type('here=before-$((1+1)); echo $here\r', 'text')
    await poll(() => screen(b, id)).toContain('before-2')
    relay.cut()
    await poll(() => b.news.filter(({ kind }) => kind === 'opened')).toHaveLength(2)
    b.session(id).type('echo again-$here\r', 'text')
    await poll(() => screen(b, id)).toMatch(/before-2[^]*again-before-2/)
    expect(await screen(b, id)).not.toContain('connection lost')
    expect(b.view(id).notice).toBeNull()
    expect(b.terminals.shells()).toEqual([])
    expect(pod.sessions()).toHaveLength(1)
  })

  test('comes back after Podkeeper was killed, and attaches when it is shown', async () => {
    const { b, screen, restart, show, tabStore } = await keeping()
    const id = await b.openTrusted()
    b.terminals.rename(id, 'training')
    b.session(id).type('here=before-$((1+1)); echo $here; cat\r', 'text')
    await poll(() => screen(b, id)).toContain('before-2')
    await poll(() => tabStore.kept().tabs).toMatchObject([{ podId: 'p', name: 'training', wasOpen: true }])
    const next = restart()
    expect(next.terminals.view().terminals).toEqual([])
    show(next)
    expect(next.view(next.id())).toMatchObject({
      name: 'training',
      state: { kind: 'detached' },
      isKept: true,
    })
    expect(next.session(next.id()).type('x', 'text')).toMatchObject({ ok: false })
    await screen(next, next.id())
    await poll(() => next.stateOf(next.id())).toBe('open')
    await poll(() => screen(next, next.id())).toContain('before-2')
    next.session(next.id()).type('still-cat\r', 'text')
    await poll(() => screen(next, next.id())).toMatch(/still-cat[^]*still-cat/)
    expect(next.news.map(({ kind }) => kind)).toEqual(['opened'])
  })

  test('says what was lost when the pod was restarted, and continues in a new session', async () => {
    const { b, screen, restart, show, tabStore, pod, relay } = await keeping()
    const id = await b.openTrusted()
    b.session(id).type('sleep 1000\r', 'text')
    await poll(() => tabStore.kept().tabs).toMatchObject([{ command: 'sleep' }])
    const next = restart()
    pod.endAll()
    show(next, 2_000)
    await screen(next, next.id())
    await poll(() => next.stateOf(next.id())).toBe('open')
    expect(next.view(next.id()).notice).toEqual({
      kind: 'session-lost',
      isPodRestarted: true,
      command: 'sleep',
    })
    next.session(next.id()).dismissNotice()
    expect(next.view(next.id()).notice).toBeNull()
    relay.cut()
    pod.endAll()
    await poll(() => next.view(next.id()).notice).toEqual({
      kind: 'session-lost',
      isPodRestarted: false,
      command: null,
    })
  })

  test('ends its session when it is closed, and leaves it when Podkeeper quits', async () => {
    const { b, restart, show, pod, tabStore, screen } = await keeping()
    await b.openTrusted()
    const second = await b.open()
    await poll(() => b.stateOf(second)).toBe('open')
    expect(pod.sessions()).toHaveLength(2)
    b.terminals.close(second)
    await poll(() => pod.sessions()).toHaveLength(1)
    await poll(() => tabStore.kept()).toMatchObject({ tabs: [{}], ended: [] })
    b.terminals.dispose()
    const next = restart()
    show(next)
    expect(pod.sessions()).toHaveLength(1)
    await screen(next, next.id())
    await poll(() => next.stateOf(next.id())).toBe('open')
    next.session(next.id()).type('exit\r', 'text')
    await poll(() => next.stateOf(next.id())).toBe('ended')
    expect(next.view(next.id())).toMatchObject({ isKept: false, notice: null })
  })

  test('comes back in the pane that it was in', async () => {
    const { b, restart, show, tabStore } = await keeping()
    const first = await b.openTrusted()
    const split = (from: string, direction: 'right' | 'down') => {
      const opened = b.terminals.split(from, direction)
      return opened.ok ? opened.value : opened.error
    }
    const second = split(first, 'right')
    const third = split(second, 'down')
    for (const id of [second, third]) await poll(() => b.stateOf(id)).toBe('open')
    b.terminals.setRatio(second, 0.3)
    b.terminals.rename(third, 'training')
    const names = [first, second, third].map((id) => b.session(id).remembered()?.session)
    await poll(() => tabStore.kept()).toMatchObject({
      tabs: names.map((session) => ({ session, name: 'training' })),
      layouts: [{ ratio: 0.3 }],
    })
    const next = restart()
    show(next)
    const { tabs, terminals } = next.terminals.view()
    const [one, two, three] = terminals.map(({ id }) => id)
    expect(tabs).toMatchObject([
      {
        layout: {
          direction: 'right',
          ratio: 0.3,
          first: { id: one },
          second: { direction: 'down', first: { id: two }, second: { id: three } },
        },
      },
    ])
    expect(terminals.map(({ id }) => next.session(id).remembered()?.session)).toEqual(names)
    next.terminals.close(one!)
    expect(next.terminals.view().tabs).toMatchObject([{ layout: { direction: 'down', ratio: 0.5 } }])
  })

  test('closed before it attaches, its session ends on the pod; without the pod, with the next connection', async () => {
    const { b, restart, show, pod, tabStore } = await keeping()
    await b.openTrusted()
    b.terminals.dispose()
    const [name] = pod.sessions()
    const next = restart()
    show(next)
    next.show([])
    next.terminals.close(next.id())
    expect(pod.sessions()).toEqual([name])
    show(next)
    const id = await next.open()
    await poll(() => next.stateOf(id)).toBe('open')
    expect(pod.sessions()).toHaveLength(1)
    expect(pod.sessions()).not.toContain(name)
    next.terminals.dispose()
    const last = terminalsBench({
      tabStore: memoryStore(tabStore.kept()),
      keepsSessions: true,
      here: b.here,
      key: b.key,
    })
    show(last)
    last.terminals.close(last.terminals.view().terminals[0]!.id)
    await poll(() => pod.sessions()).not.toContain(name)
  })
})

describe('a terminal on a pod without tmux', () => {
  test('says that its shell was lost with the connection, and how to keep the next one', async () => {
    const { b, relay, tabStore } = await keeping(false)
    const id = await b.openTrusted()
    expect(b.view(id)).toMatchObject({ isKept: false, notice: null })
    expect(b.terminals.shells()).toEqual(['llama'])
    relay.cut()
    await poll(() => b.view(id).notice).toEqual({
      kind: 'shell-lost',
      isPodRestarted: false,
      isTooOld: false,
      isByProxy: false,
      installCommand: 'apt-get update && apt-get install -y tmux',
    })
    await poll(() => tabStore.kept().tabs).toEqual([])
  })
})
