import { describe, expect, test } from 'vitest'
import { startOpenSshForTest } from '../../harness/ssh/openssh-for-test'
import { minimalShell } from '../../harness/ssh/openssh-server'
import { stoppedPod } from '../../harness/samples/pods'
import type { TerminalsView } from '../../../src/core/terminal/terminal'
import { terminalsBench as bench } from '../../harness/terminal/terminals-fixture'
import { freePort } from '../../harness/base/free-port'

const SIZE = { columns: 90, rows: 20 }

const poll = <T>(look: () => T) => expect.poll(look, { timeout: 60_000 })

describe('a terminal on a pod', () => {
  test('a terminal asks for the host key, and opens a shell whose screen survives every window', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    await b.terminals.attach(id, SIZE)
    b.session(id).type('stty size; echo hi-$((40+2))\r', 'text')
    await poll(b.textSent).toContain('hi-42')
    expect(b.textSent()).toContain('20 90')
    b.terminals.detachAll(null)
    b.session(id).type('echo late-$((40+3))\r', 'text')
    await poll(async () => {
      const again = await b.terminals.attach(id, SIZE)
      return again.ok && again.value.screen
    }).toMatch(/hi-42[^]*late-43/)
    expect(b.view(id)).toMatchObject({
      podName: 'llama',
      connection: { server: { route: 'direct', port: server.port }, roundTripMs: expect.any(Number) },
    })
    expect(b.news.map(({ kind }) => kind)).toEqual(['opened'])
    expect(b.input.inputAgoMs('a/p')).not.toBeNull()
  })

  test('copies what its program prints (OSC 52) while a person sees it, and asks once', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    await b.terminals.attach(id, SIZE)
    const copy = async (text: string): Promise<void> => {
      const base64 = Buffer.from(text).toString('base64')
      b.session(id).type(`printf '\\033]52;c;${base64}\\007%s\\n' done-${text}-$((1+1))\r`, 'text')
      await poll(b.textSent).toContain(`done-${text}-2`)
      await poll(async () => {
        const shown = await b.terminals.attach(id, SIZE)
        return shown.ok && shown.value.screen
      }).toContain(`done-${text}-2`)
    }
    await copy('unseen')
    expect(b.copies).toEqual({ asked: [], written: [] })
    b.look(true)
    await copy('first')
    await copy('second')
    await poll(() => b.copies).toEqual({ asked: ['first'], written: ['first', 'second'] })
  })

  test('is not connected when its host key is refused', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.open()
    await poll(() => b.stateOf(id)).toBe('asking')
    b.answerHostKey(false)
    await poll(() => b.view(id).state).toMatchObject({ failure: { kind: 'host-key-declined' } })
    expect(server.attempts()).toBe(0)
  })

  test('comes back automatically when its server does, with what was on the screen', async () => {
    const b = bench()
    const options = { ...minimalShell, authorized: [b.key.publicLine], port: await freePort() }
    const server = await startOpenSshForTest(options)
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    await b.terminals.attach(id, SIZE)
    b.session(id).type('echo first-$((1+1))\r', 'text')
    await poll(() => b.textSent()).toContain('first-2')
    b.breakOff(id)
    await poll(() => b.textSent()).toMatch(/first-2[^]*connection lost/)
    await poll(() => b.stateOf(id)).toBe('open')
    b.session(id).type('echo second-$((1+1))\r', 'text')
    await poll(() => b.textSent()).toMatch(/first-2[^]*connection lost[^]*second-2/)
    await server.stop()
    b.breakOff(id)
    await poll(() => b.view(id).state).toMatchObject({ kind: 'waiting' })
    await startOpenSshForTest({ ...options, hostKeyFiles: server.hostKeyFiles })
    await poll(() => b.stateOf(id)).toBe('open')
  })

  test('goes at once to where the pod answers after a restart', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server, { startedAtMs: 1_000 })])
    const id = await b.openTrusted()
    await server.stop()
    b.breakOff(id)
    await poll(() => b.stateOf(id)).toBe('waiting')
    b.show([b.podAt(server, { phase: 'creating', startedAtMs: null })])
    const other = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(other, { startedAtMs: Date.now() + 60_000 })])
    await b.trust(id)
    await poll(() => b.stateOf(id)).toBe('open')
    expect(b.view(id).connection?.server.port).toBe(other.port)
  })

  test('is blocked by another key without a restart, until that is forgotten', async () => {
    const b = bench()
    const options = { ...minimalShell, authorized: [b.key.publicLine], port: await freePort() }
    const server = await startOpenSshForTest(options)
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    await server.stop()
    const other = await startOpenSshForTest(options)
    b.breakOff(id)
    await poll(() => b.view(id).state).toMatchObject({ failure: { kind: 'host-key-changed' } })
    expect(other.attempts()).toBe(0)
    expect(b.news.at(-1)).toMatchObject({ kind: 'failed', failure: { kind: 'host-key-changed' } })
  })

  test('ends with its shell, and begins again when a person asks', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    b.session(id).type('exit 3\r', 'text')
    await poll(() => b.view(id).state).toMatchObject({ kind: 'ended', exitCode: 3 })
    expect(b.session(id).type('x', 'text').ok).toBe(false)
    expect(b.terminals.retry(id).ok).toBe(true)
    await poll(() => b.stateOf(id)).toBe('open')
  })

  test('ends with its pod, and says why', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    b.show([stoppedPod({ id: 'p', name: 'llama' })])
    expect(b.view(id).state).toMatchObject({ kind: 'ended', reason: 'The pod is stopped.' })
    expect(b.terminals.retry(id)).toEqual({ ok: false, error: 'The pod is stopped.' })
    b.show([])
    expect(b.terminals.retry(id)).toEqual({ ok: false, error: 'The pod is gone.' })
  })

  test('ends with its account, and is not opened on a pod of the next one that is called the same', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    b.show([b.podAt(server)], 'another')
    expect(b.view(id).state).toMatchObject({ kind: 'ended' })
    expect(b.terminals.retry(id).ok).toBe(false)
    b.show([b.podAt(server)])
    expect(b.terminals.retry(id).ok).toBe(true)
  })

  test('stays while the list does not know yet what there is', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const id = await b.openTrusted()
    b.showAccounts([{ accountId: 'a', pods: [] }], { connection: { kind: 'connecting' } })
    expect(b.stateOf(id)).toBe('open')
  })

  test('is of one account: the same pod id of another account has terminals, input and an end of its own', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    const [a, other] = ['a', 'b'].map((accountId) => ({ accountId, pods: [b.podAt(server)] }))
    const live = { listedAtMs: 1, connection: { kind: 'live' } } as const
    if (!a || !other) throw new Error('there are two accounts')
    b.showAccounts([a, other], live)
    const id = await b.openTrusted()
    const otherId = await b.openTrusted('b/p')
    expect([b.view(id).podKey, b.view(otherId).podKey]).toEqual(['a/p', 'b/p'])
    expect(b.news.map(({ accountId, kind }) => [accountId, kind])).toEqual([
      ['a', 'opened'],
      ['b', 'opened'],
    ])
    b.session(otherId).type('x', 'text')
    expect([b.input.inputAgoMs('a/p'), b.input.inputAgoMs('b/p')]).toEqual([null, expect.any(Number)])
    b.showAccounts([other], live)
    expect([b.stateOf(id), b.stateOf(otherId)]).toEqual(['ended', 'open'])
    expect(b.terminals.open('a/p')).toMatchObject({ ok: false })
  })
})

test('the tabs are in the order in which they were put', async () => {
  const b = bench()
  const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
  b.show([b.podAt(server)])
  const [one, two, three] = [await b.open(), await b.open(), await b.open()]
  const ids = () => b.terminals.view().terminals.map(({ id }) => id)
  b.terminals.move(three, 0)
  expect(ids()).toEqual([three, one, two])
  b.terminals.move(three, 99)
  expect(ids()).toEqual([one, two, three])
  b.terminals.close(two)
  expect(ids()).toEqual([one, three])
  expect(b.terminals.session(two).ok).toBe(false)
})

test('there are never more than fifty', async () => {
  const b = bench()
  b.show([b.podAt({ port: await freePort(), username: 'nobody' })])
  for (let count = 0; count < 50; count++) await b.open()
  expect(b.terminals.open('a/p')).toMatchObject({ ok: false })
})

test('a pod that does not run, or that nobody knows, has none', async () => {
  const b = bench()
  b.show([stoppedPod({ id: 'p' })])
  expect(b.terminals.open('a/p')).toEqual({ ok: false, error: 'The pod isn’t running. Start it first.' })
  expect(b.terminals.open('a/q')).toMatchObject({ ok: false })
})

test('a program that calls itself something else all the time keeps the windows quiet', async () => {
  const b = bench()
  const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
  b.show([b.podAt(server)])
  const id = await b.openTrusted()
  const before = b.published.length
  const sinceMs = performance.now()
  b.session(id).type('for i in $(seq 2000); do printf "\\033]2;title $i\\007"; done\r', 'text')
  await poll(() => b.view(id).title).toBe('title 2000')
  await poll(() => b.published.at(-1)?.terminals[0]?.title).toBe('title 2000')
  // Ten in a second, for as long as it takes.
  expect(b.published.length - before).toBeLessThan(30 + (performance.now() - sinceMs) / 100)
  const revisions = b.published.map(({ revision }) => revision)
  expect(revisions).toEqual([...revisions].sort((a, z) => a - z))
})

describe('the tabs of a pod that was rebuilt', () => {
  const moved = async () => {
    const b = bench()
    const authorized = [b.key.publicLine]
    const [old, rebuilt] = await Promise.all([
      startOpenSshForTest({ ...minimalShell, authorized }),
      startOpenSshForTest({ ...minimalShell, authorized }),
    ])
    b.show([b.podAt(old), b.podAt(rebuilt, { id: 'new', name: 'llama-2' })])
    return { ...b, rebuilt }
  }
  const names = (b: { terminals: { view(): TerminalsView } }) =>
    b.terminals.view().terminals.map(({ podId, name }) => [podId, name])

  test('are new sessions in their places, which ask about the new host key', async () => {
    const b = await moved()
    const [first, second] = [await b.open(), await b.open('a/p')]
    b.terminals.rename(second, 'train')
    for (const id of [first, second]) await poll(() => b.stateOf(id)).toBe('asking')
    expect(b.terminals.tabNames('a/p')).toEqual([null, 'train'])
    b.terminals.moveTabs('a/p', 'a/new', ['unused'])
    expect(names(b)).toEqual([
      ['new', null],
      ['new', 'train'],
    ])
    const [one, two] = b.terminals.view().terminals
    expect([one?.continues, two?.continues]).toEqual([first, second])
    await poll(() => b.stateOf(two!.id)).toBe('asking')
    expect(b.rebuilt.attempts()).toBe(0)
    // The questions about the old pod are over.
    b.answerHostKey(true)
    b.answerHostKey(true)
    expect(b.stateOf(two!.id)).toBe('asking')
    b.answerHostKey(true)
    b.answerHostKey(true)
    await poll(() => b.stateOf(two!.id)).toBe('open')
  })

  test('stay beside the new ones while their shell is open, and nothing in it ends', async () => {
    const b = await moved()
    const id = await b.openTrusted()
    b.terminals.moveTabs('a/p', 'a/new', [])
    expect(names(b)).toEqual([
      ['new', null],
      ['p', null],
    ])
    await b.terminals.attach(id, SIZE)
    b.session(id).type('echo still-$((40+2))\r', 'text')
    await poll(b.textSent).toContain('still-42')
  })

  test('keep their panes; a shell that is open continues in a tab of its own', async () => {
    const b = await moved()
    const open = await b.openTrusted()
    const split = b.terminals.split(open, 'down')
    if (!split.ok) throw new Error(split.error)
    b.session(split.value).end('It is over.')
    b.terminals.moveTabs('a/p', 'a/new', [])
    const { tabs, terminals } = b.terminals.view()
    const [above, below] = terminals.map(({ id }) => id)
    expect(tabs).toMatchObject([
      { layout: { direction: 'down', first: { id: above }, second: { id: below } } },
      { layout: { kind: 'pane', id: open } },
    ])
    expect(names(b)).toEqual([
      ['new', null],
      ['new', null],
      ['p', null],
    ])
  })

  test('that an earlier run had come back, also where some of them were opened again', async () => {
    const b = await moved()
    await b.open()
    b.terminals.moveTabs('a/p', 'a/new', [null, 'train'])
    expect(names(b)).toEqual([
      ['new', null],
      ['new', 'train'],
    ])
  })

  test('that an earlier run had are opened by name, and none if none can be', async () => {
    const b = await moved()
    b.terminals.moveTabs('a/p', 'a/new', ['train', null])
    expect(names(b)).toEqual([
      ['new', 'train'],
      ['new', null],
    ])
    const ended = await b.open()
    b.terminals.moveTabs('a/p', 'a/not-there', [])
    expect(b.view(ended)).toMatchObject({ podId: 'p' })
    expect(names(b)).toHaveLength(3)
  })
})

describe('the panes of a tab', () => {
  test('are terminals on its pod with its name, as many as there is room for', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const [first, other] = [await b.openTrusted(), await b.open()]
    b.terminals.rename(first, 'train')
    const results = Array.from({ length: 9 }, () => b.terminals.split(first, 'right'))
    expect(results.map(({ ok }) => ok)).toEqual([...Array<boolean>(7).fill(true), false, false])
    const { tabs, terminals } = b.terminals.view()
    expect(tabs.map(({ id }) => id)).toEqual([first, other])
    expect(terminals).toHaveLength(9)
    expect(terminals.map(({ podKey, name }) => [podKey, name])).toEqual([
      ...Array<unknown>(8).fill(['a/p', 'train']),
      ['a/p', null],
    ])
    const [last] = results.flatMap((one) => (one.ok ? [one.value] : [])).slice(-1)
    b.terminals.close(last!)
    expect(b.terminals.split(first, 'down').ok).toBe(true)
    expect(b.terminals.split(last!, 'down')).toMatchObject({ ok: false })
    b.terminals.move(first, 1)
    expect(b.terminals.view().tabs.map(({ id }) => id)).toEqual([other, first])
  })
})

describe('a window of its own', () => {
  test('gets the output of its tab, of which nothing is lost, and gives the tab back when it is gone', async () => {
    const b = bench()
    const server = await startOpenSshForTest({ ...minimalShell, authorized: [b.key.publicLine] })
    b.show([b.podAt(server)])
    const [id, other] = [await b.openTrusted(), await b.open()]
    const split = b.terminals.split(id, 'right')
    const second = split.ok ? split.value : ''
    await b.terminals.attach(id, SIZE)
    b.session(id).type('echo first-$((1+1))\r', 'text')
    await poll(b.textSent).toContain('first-2')
    expect([...b.sentTo]).toEqual([null])

    const placed = b.terminals.place(id, 'own-window')
    const windowId = placed.ok ? placed.value : null
    expect(windowId).toEqual(expect.any(String))
    expect([id, second, other].map((one) => b.terminals.windowOf(one))).toEqual([windowId, windowId, null])
    expect(b.terminals.place(second, 'own-window')).toEqual(placed)
    // The main window's attachment is over, and what comes meanwhile is on the screen of the next one.
    const sentBefore = b.sent.length
    b.session(id).type('printf "meanwhile-$((1+1))\\033]2;done\\007\\n"\r', 'text')
    await poll(() => b.view(id).title).toBe('done')
    expect(b.sent.length).toBe(sentBefore)
    const attached = await b.terminals.attach(id, SIZE)
    expect(attached.ok && attached.value.screen).toMatch(/first-2[^]*meanwhile-2/)
    b.terminals.detachAll(null)
    b.session(id).type('echo there-$((1+1))\r', 'text')
    await poll(b.textSent).toContain('there-2')
    expect([...b.sentTo]).toEqual([null, windowId])

    b.terminals.onWindowClosed('another')
    expect(b.terminals.windowOf(id)).toBe(windowId)
    b.terminals.close(id)
    b.terminals.onWindowClosed(windowId ?? '')
    expect(b.terminals.windowOf(second)).toBeNull()
    expect(b.terminals.view().terminals.map((one) => one.id)).toEqual([second, other])
    expect(b.terminals.place(id, 'own-window').ok).toBe(false)
  })

  test('is given to eight tabs, and to another one once one of them is back', async () => {
    const b = bench()
    b.show([b.podAt({ port: await freePort(), username: 'root' })])
    const ids = await Promise.all(Array.from({ length: 9 }, () => b.open()))
    const place = (id: string) => b.terminals.place(id, 'own-window')
    expect(ids.map((id) => place(id).ok)).toEqual([...Array<boolean>(8).fill(true), false])
    expect(b.terminals.place(ids[3]!, 'main-window')).toEqual({ ok: true, value: null })
    expect(place(ids[8]!).ok).toBe(true)
    expect(b.terminals.view().tabs.map(({ id }) => id)).toEqual(ids)
  })
})
