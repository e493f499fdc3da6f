import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/core/base/time/time'
import { sudoPersonOf } from '../../../src/core/intents/requester'
import { claimFolderLock } from '../../../src/node/data-folder/lock/lock-socket'
import { pod } from '../../harness/samples/pods'
import { failure } from '../../harness/monitor/scripted-provider'
import { requestOf, socketPath, startHolder } from '../../harness/data-folder/control-holder'

const sent = (calls: readonly string[]): readonly string[] =>
  calls.filter((call) => /^(start|stop|restart|terminate) /.test(call))

test('a command stops a pod through the holder, sees each step, and can take it back', async () => {
  const { command, fixture } = await startHolder()
  const following = await command()
  const { client } = following
  const account = await client.requests.account()
  expect(account).toMatchObject({
    ok: true,
    value: { pods: [{ id: 'pod-1', name: 'trainer', openAction: null, isDataKept: true }] },
  })
  expect(await client.requests.act('pod-1', 'stop', false)).toEqual({ ok: true, value: undefined })
  await vi.waitFor(() => expect(following.phases).toEqual(['scheduled']))
  const first = await command()
  expect(await first.client.requests.act('pod-1', 'stop', false)).toMatchObject({
    ok: false,
    error: { code: 'failed', message: 'trainer: a stop is already under way.' },
  })
  const second = await command()
  const intentId = fixture.monitor.snapshot().pods[0]?.intent?.id ?? ''
  expect(await second.client.requests.undo(intentId)).toMatchObject({ ok: true })
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(sent(fixture.provider.calls)).toEqual([])
})

test('the steps of an action reach the command that began it, in order, and no other', async () => {
  const { command, fixture } = await startHolder({}, { pods: [pod(), pod({ id: 'pod-2', name: 'other' })] })
  const one = await command()
  const other = await command()
  await other.client.requests.act('pod-2', 'stop', false)
  await one.client.requests.act('pod-1', 'stop', true)
  fixture.provider.pods = [pod({ phase: 'stopped' }), pod({ id: 'pod-2' })]
  await fixture.clock.advanceAsync(10 * SECOND_MS)
  await vi.waitFor(() => expect(one.phases).toEqual(['scheduled', 'sent', 'accepted', 'observed']))
  expect(one.intents.every(({ podId }) => podId === 'pod-1')).toBe(true)
  const requesters = fixture.auditEntries.flatMap(({ intent }) => intent?.requester ?? [])
  expect(requesters.length).toBeGreaterThan(0)
  expect(new Set(requesters)).toEqual(new Set(['command-line']))
  expect(other.intents.every(({ podId }) => podId === 'pod-2')).toBe(true)
})

test('an action names the person that sudo names, and none of other commands', async () => {
  const { command, fixture } = await startHolder({}, { pods: [pod(), pod({ id: 'pod-2', name: 'other' })] })
  const alice = await command(undefined, 'alice')
  const other = await command()
  await alice.client.requests.act('pod-1', 'stop', false)
  await other.client.requests.act('pod-2', 'stop', false)
  expect(fixture.auditEntries.filter(({ kind }) => kind === 'intent').map(({ text }) => text)).toEqual([
    'alice requested a stop of trainer.',
    'You requested a stop of other.',
  ])
  const people = fixture.monitor.snapshot().pods.map(({ intent }) => intent?.personName)
  expect(people).toEqual(['alice', undefined])
  expect(['alice', 'a.b-c@lab', undefined, '', 'a b', '<b>', 'x'.repeat(65)].map(nameOf)).toEqual([
    'alice',
    'a.b-c@lab',
    ...Array.from({ length: 5 }),
  ])
})

test('what else a person asks for is recorded under their name before it is done, and nothing of who only reads', async () => {
  const { command, fixture, changed: recorded } = await startHolder()
  const textsOf = (): readonly unknown[] =>
    recorded.map((one) => (Array.isArray(one) ? one[0] : (one as { readonly text: string }).text))
  const alice = await command(undefined, 'alice')
  const other = await command()
  const wasOn = (): boolean => fixture.monitor.snapshot().pods[0]?.guard.keepOn !== null
  expect(await alice.client.requests.account()).toMatchObject({ ok: true })
  await alice.client.requests.settings()
  expect(textsOf()).toEqual([])
  await alice.client.requests.keepOn('pod-1', '1-hour')
  await alice.client.requests.changeSetting('gapMin', 4)
  await alice.client.requests.recordTokenEvent('revoked', 'ci', ['pods:read'])
  await alice.client.requests.recordLabChange('lab', 'Dark energy', { idleAlertMinutes: 30 })
  const link = { account: { id: 'a', name: 'Lab' }, serverHost: 'pods.example.org' }
  await alice.client.requests.recordServerLink({ event: 'connected', ...link })
  await other.client.requests.recordServerLink({ event: 'disconnected', ...link })
  await other.client.requests.keepOn('pod-1', null)
  await other.client.requests.act('pod-1', 'stop', false)
  expect(textsOf()).toEqual([
    'alice requested a change of “Keep running” of trainer on the command line.',
    'alice requested a change of settings on the command line.',
    'gapMin',
    'alice requested a change of API tokens on the command line.',
    'The API token “ci” (pods:read) was revoked.',
    'alice requested a change of a lab’s settings on the command line.',
    'Changed at Hubify for Dark energy: idle alert after 30 min.',
    'alice connected Lab to the server pods.example.org on the command line. Only the server acts for it from now on.',
    'You disconnected Lab from the server pods.example.org on the command line. This computer acts for it again.',
  ])
  expect(recorded[0]).toMatchObject({ podId: 'pod-1', podName: 'trainer', kind: 'app', what: 'requested' })
  expect(wasOn()).toBe(false)
})

const nameOf = (name: string | undefined): string | undefined => sudoPersonOf({ SUDO_USER: name })

test('what was asked for continues when the command goes away, as after a click in the app', async () => {
  const { raw, fixture } = await startHolder()
  const client = await raw()
  client.request({ name: 'act', args: ['pod-1', 'stop', false] })
  await vi.waitFor(() => expect(client.read()).toContain('"scheduled"'))
  client.socket.destroy()
  await fixture.clock.advanceAsync(10 * SECOND_MS)
  expect(sent(fixture.provider.calls)).toEqual(['stop pod-1'])
})

test('a terminate needs the name typed, a fresh read, and the command that was asked', async () => {
  const { command, fixture } = await startHolder()
  const { client } = await command()
  const ask = () => client.requests.askConfirmation('pod-1', 'terminate')
  const question = await ask()
  if (!question.ok) throw new Error(question.error.message)
  expect(question.value).toMatchObject({
    title: 'Terminate trainer?',
    label: expect.stringContaining('name'),
  })
  const { token } = question.value
  expect(await client.requests.answerConfirmation(token, 'Trainer')).toMatchObject({
    error: { message: expect.stringContaining('Nothing was done') },
  })
  // A token is good for one answer, and for no other connection.
  expect(await client.requests.answerConfirmation(token, 'trainer')).toMatchObject({ ok: false })
  const again = await ask()
  const other = await command()
  expect(
    await other.client.requests.answerConfirmation(again.ok ? again.value.token : '', 'trainer'),
  ).toMatchObject({
    ok: false,
  })
  expect(sent(fixture.provider.calls)).toEqual([])
  const third = await ask()
  const readsBefore = fixture.provider.calls.filter((call) => call === 'get pod-1').length
  expect(await client.requests.answerConfirmation(third.ok ? third.value.token : '', 'trainer')).toEqual({
    ok: true,
    value: undefined,
  })
  await fixture.clock.advanceAsync(SECOND_MS)
  expect(fixture.provider.calls.filter((call) => call === 'get pod-1').length).toBeGreaterThan(readsBefore)
  expect(sent(fixture.provider.calls)).toEqual(['terminate pod-1'])
})

test('a terminate of a pod that changed, or could not be read, is not carried out', async () => {
  const { command, fixture } = await startHolder()
  const { client } = await command()
  const ask = async (): Promise<string> => {
    const question = await client.requests.askConfirmation('pod-1', 'terminate')
    return question.ok ? question.value.token : ''
  }
  let token = await ask()
  fixture.provider.script.gets.push(() => failure('unreachable'))
  expect(await client.requests.answerConfirmation(token, 'trainer')).toMatchObject({
    error: { code: 'unreachable' },
  })
  token = await ask()
  fixture.provider.pods = [pod({ containerDiskGb: 4_000 })]
  expect(await client.requests.answerConfirmation(token, 'trainer')).toMatchObject({
    error: { code: 'failed', message: expect.stringContaining('changed') },
  })
  expect(sent(fixture.provider.calls)).toEqual([])
})

test('a command that goes away while the pod is read has terminated nothing', async () => {
  const { raw, fixture } = await startHolder()
  const client = await raw()
  client.request({ name: 'askConfirmation', args: ['pod-1', 'terminate'] })
  await vi.waitFor(() => expect(client.read()).toContain('"token"'))
  const { value } = JSON.parse(client.read().trim()) as { value: { token: string } }
  let release = (): void => {}
  fixture.provider.script.gets.push(
    () => new Promise((resolve) => (release = () => resolve({ ok: true, value: pod() }))),
  )
  const reads = (): number => fixture.provider.calls.filter((call) => call === 'get pod-1').length
  const before = reads()
  client.request({ id: 2, name: 'answerConfirmation', args: [value.token, 'trainer'] })
  await vi.waitFor(() => expect(reads()).toBe(before + 1))
  client.socket.destroy()
  const probe = await raw()
  probe.request()
  await vi.waitFor(() => expect(probe.read()).toContain('"done"'))
  release()
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(sent(fixture.provider.calls)).toEqual([])
})

test('rules are changed as in the app, with its reasons for a refusal', async () => {
  const { command, fixture } = await startHolder()
  const { client } = await command()
  expect(await client.requests.keepOn('pod-1', '4-hours')).toMatchObject({ ok: true })
  expect(await client.requests.changePodRules('pod-1', { maxHours: 12 })).toMatchObject({ ok: true })
  expect(await client.requests.changePodRules('pod-1', { atBudget: 'stop' })).toMatchObject({
    error: { code: 'failed', message: 'Set a monthly budget for this pod first.' },
  })
  expect(await client.requests.changePodRules('gone', { maxHours: 12 })).toMatchObject({ ok: false })
  const account = await client.requests.account()
  expect(account).toMatchObject({
    value: { pods: [{ rules: { maxHours: 12 }, keepOn: { untilMs: expect.any(Number) } }] },
  })
  expect(await client.requests.keepOn('pod-1', null)).toMatchObject({ ok: true })
  expect(fixture.monitor.snapshot().pods[0]?.guard.keepOn).toBeNull()
})

test('settings need no account, and the address of the API is never set', async () => {
  const { command, changed } = await startHolder()
  const { client } = await command(null)
  expect(await client.requests.settings()).toMatchObject({ ok: true, value: { undoS: 5 } })
  expect(await client.requests.changeSetting('undoS', 8)).toMatchObject({ ok: true })
  expect(await client.requests.resetSetting('undoS')).toMatchObject({ ok: true })
  for (const refused of [
    await client.requests.changeSetting('runpodBaseUrl', 'https://elsewhere.test'),
    await client.requests.resetSetting('runpodBaseUrl'),
  ])
    expect(refused).toMatchObject({
      error: { message: expect.stringContaining('can only be set in the app') },
    })
  expect(changed).toEqual([
    ['undoS', 8],
    ['undoS', undefined],
  ])
})

test('a request about another account, or about none, is refused', async () => {
  const { command, fixture } = await startHolder()
  for (const account of ['another', null]) {
    const { client } = await command(account)
    for (const reply of [
      await client.requests.account(),
      await client.requests.act('pod-1', 'stop', true),
      await client.requests.askConfirmation('pod-1', 'terminate'),
      await client.requests.keepOn('pod-1', null),
    ])
      expect(reply).toMatchObject({
        error: { code: 'other-account', message: expect.stringContaining('does not watch this account') },
      })
  }
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(sent(fixture.provider.calls)).toEqual([])
})

test('a request that was left lying is not carried out', async () => {
  const { raw, fixture } = await startHolder()
  const client = await raw()
  const nowMs = fixture.clock.now().wallMs
  for (const sentAtMs of [nowMs - 31_000, nowMs + 31_000])
    client.request({ name: 'act', args: ['pod-1', 'stop', true], sentAtMs })
  await vi.waitFor(() => expect(client.read().match(/The request is too old/g)).toHaveLength(2))
  await fixture.clock.advanceAsync(MINUTE_MS)
  expect(sent(fixture.provider.calls)).toEqual([])
})

test('too many requests are refused, from however many connections, and an undo never is', async () => {
  const { command } = await startHolder()
  const replies: string[] = []
  for (let round = 0; round < 4; round += 1) {
    const { client } = await command()
    for (let count = 0; count < 10; count += 1) {
      const reply = await client.requests.keepOn('pod-1', null)
      replies.push(reply.ok ? 'done' : reply.error.code)
    }
  }
  expect(replies.filter((reply) => reply === 'done')).toHaveLength(30)
  expect(replies.slice(30)).toEqual(Array.from({ length: 10 }, () => 'rejected'))
  const { client } = await command()
  expect(await client.requests.undo('unknown')).toMatchObject({ error: { code: 'failed' } })
})

test('records of what tokens ask for keep nothing out that acts', async () => {
  const { command } = await startHolder()
  const { client } = await command()
  for (let count = 0; count < 35; count += 1)
    expect(await client.requests.recordRequest('ci', 'a job', null)).toMatchObject({ ok: true })
  expect(await client.requests.keepOn('pod-1', null)).toMatchObject({ ok: true })
})

test.each([
  ['no JSON', 'GET / HTTP/1.1\r\n\r\n'],
  ['an empty line', '\n'],
  ['another protocol', `${JSON.stringify({ ...requestOf('account'), protocol: 2 })}\n`],
  ['an unknown request', `${JSON.stringify(requestOf('quit'))}\n`],
  ['a name of every object', `${JSON.stringify(requestOf('constructor'))}\n`],
  ['too many arguments', `${JSON.stringify(requestOf('account', 1))}\n`],
  ['a terminate as an act', `${JSON.stringify(requestOf('act', 'pod-1', 'terminate', true))}\n`],
  [
    'a choice to terminate as a rule',
    `${JSON.stringify(requestOf('changePodRules', 'pod-1', { atMaxHours: 'terminate' }))}\n`,
  ],
  ['an unknown field', `${JSON.stringify({ ...requestOf('account'), more: 1 })}\n`],
  ['a date that is none', `${JSON.stringify({ ...requestOf('account'), sentAtMs: 'now' })}\n`],
])('%s is refused, and ends the connection', async (_, text) => {
  const { raw, command, fixture } = await startHolder()
  const client = await raw()
  client.socket.write(text)
  await client.closed()
  // Not one that invites to send it again.
  expect(client.read()).toContain('"code":"failed"')
  expect((await (await command()).client.requests.account()).ok).toBe(true)
  expect(sent(fixture.provider.calls)).toEqual([])
})

test.each([
  ['half a line', { lineMs: 30 }, '{"protocol":1'],
  ['a line that is too long', {}, 'x'.repeat(17_000)],
  ['10 MB without a line break', {}, 'x'.repeat(10_000_000)],
  ['many lines', {}, `${JSON.stringify(requestOf('undo', 'x'))}\n`.repeat(20_000)],
  ['silence after a request', { idleMs: 30 }, `${JSON.stringify(requestOf('settings'))}\n`],
])('%s ends the connection, and others are served', async (_, limits, text) => {
  const { raw, command } = await startHolder(limits)
  const client = await raw()
  client.socket.write(text)
  await client.closed()
  expect((await (await command()).client.requests.account()).ok).toBe(true)
})

test('a command that follows an action is not disconnected for being silent', async () => {
  const { command, fixture } = await startHolder({ idleMs: 20 })
  const following = await command()
  const { client, isLost } = following
  await client.requests.act('pod-1', 'stop', false)
  const silent = await command()
  await silent.client.requests.settings()
  await vi.waitFor(() => expect(silent.isLost()).toBe(true))
  expect(isLost()).toBe(false)
  fixture.provider.pods = [pod({ phase: 'stopped' })]
  await fixture.clock.advanceAsync(10 * SECOND_MS)
  await vi.waitFor(() => expect(following.phases).toContain('observed'))
})

test('a command that does not read is disconnected before it fills the memory', async () => {
  const pods = Array.from({ length: 200 }, (_, index) => pod({ id: `pod-${index}`, name: 'x'.repeat(100) }))
  const { raw, command } = await startHolder({ unreadBytes: 10_000 }, { pods })
  const client = await raw()
  client.socket.pause()
  const asking = setInterval(() => client.request(), 5)
  await client.closed()
  clearInterval(asking)
  expect((await (await command()).client.requests.account()).ok).toBe(true)
})

test('more commands than allowed are refused, and a place becomes free again', async () => {
  const { raw, command } = await startHolder({ clients: 2 })
  const clients = [await raw(), await raw(), await raw()]
  for (const client of clients) client.request({ name: 'settings' })
  await clients[2]!.closed()
  expect(clients[2]!.read()).toContain('Too many commands')
  clients[0]!.socket.destroy()
  await vi.waitFor(async () => expect((await (await command()).client.requests.account()).ok).toBe(true))
})

test('1,000 connections that say nothing keep nobody from waiting for the lock, or from asking', async () => {
  const { folder, lock, command } = await startHolder()
  const waiting = await claimFolderLock(folder, 'cli')
  if (!waiting.ok || waiting.value.kind !== 'held-by-other') throw new Error('the wrong one holds it')
  expect(waiting.value.holder).toEqual({ program: 'app', pid: process.pid, protocol: 1 })
  const silent = Array.from({ length: 1_000 }, () =>
    connect(socketPath(folder))
      .resume()
      .on('error', () => {}),
  )
  // Whoever waited longest connects again, and then waits on.
  await waiting.value.released
  // A busy machine closes them one after the other.
  await vi.waitFor(
    () => expect(silent.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(200),
    { timeout: 60_000 },
  )
  const again = await claimFolderLock(folder, 'cli')
  if (!again.ok || again.value.kind !== 'held-by-other') throw new Error('two hold it')
  expect((await (await command()).client.requests.account()).ok).toBe(true)
  for (const socket of silent) socket.destroy()
  lock.dispose()
  await again.value.released
  const next = await claimFolderLock(folder, 'cli')
  expect(next.ok && next.value.kind).toBe('held')
  if (next.ok && next.value.kind === 'held') next.value.release()
})
