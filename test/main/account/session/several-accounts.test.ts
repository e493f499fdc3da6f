import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { ok } from '../../../../src/core/base/result'
import { defaultSettings } from '../../../../src/core/settings/settings'
import { createPollSpread, type PollSpread } from '../../../../src/core/polling/poll-spread'
import { createSystemClock } from '../../../../src/node/clock'
import { FULL_KEY, READ_ONLY_KEY, type Simulator } from '../../../../src/simulator/simulator'
import {
  type Bench,
  bench,
  fakeStore,
  inMonitor,
  keyring,
  liveAccounts,
  paste,
  startRunpod,
  viewOf,
} from '../../../harness/data-folder/account-session-fixture'

const settings = { ...defaultSettings, undoS: 0.05, keyRetryS: 0, pollTransitionS: 0.2 }

/** A bench with an account at each of these Runpods, in this order. */
async function benchAt(runpods: readonly Simulator[]): Promise<{ b: Bench; ids: readonly string[] }> {
  let [at] = runpods
  const b = bench({ store: fakeStore(() => ({ ...settings, runpodBaseUrl: `${at?.url}/v2` })) })
  const ids: string[] = []
  for (at of runpods) ids.push(await paste(b, FULL_KEY))
  await liveAccounts(b.session)
  return { b, ids }
}

/** Each with a pod of the same id. */
const runpodsWithTheSamePod = (count: number): Promise<Simulator[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) =>
      startRunpod({
        seed: index,
        timeFactor: 60,
        pods: [{ name: `pod of ${index}`, id: 'p', mode: 'training' }],
      }),
    ),
  )

const actionsAt = (runpod: Simulator) =>
  runpod.requests.flatMap(({ action, podId }) => (action === undefined ? [] : [`${action} ${podId}`]))
const kinds = ({ session }: Bench) => session.snapshot().accounts.map(({ connection }) => connection.kind)
const podOf = ({ session }: Bench, accountId: string) =>
  session.snapshot().pods.find((one) => one.accountId === accountId)

test('of three accounts one is refused and one is offline, and the third is watched as before', async () => {
  const runpods = await runpodsWithTheSamePod(3)
  const { b, ids } = await benchAt(runpods)
  const [refused, offline, working] = runpods
  refused?.fault({ kind: 'unauthorized' })
  offline?.fault({ kind: 'reset-before' })
  await vi.waitFor(() => {
    b.session.refresh()
    expect(kinds(b)).toEqual(['key-refused', 'offline', 'live'])
  })
  expect(b.session.snapshot().connection.kind).toBe('live')
  expect(b.session.snapshot().pods.map(({ key }) => key)).toEqual(ids.map((id) => `${id}/p`))

  const [, , id = ''] = ids
  const before = working?.requests.length ?? 0
  expect(inMonitor(b, (monitor) => monitor.act('p', 'stop'), id)).toEqual(ok(undefined))
  await vi.waitFor(() => expect(podOf(b, id)?.phase).toBe('stopped'))
  expect(working?.requests.length).toBeGreaterThan(before)
  expect([refused, offline, working].map((one) => one && actionsAt(one))).toEqual([[], [], ['stop p']])
})

test('a stop in one account is sent while that of another fails, and nothing of one reaches the other', async () => {
  const runpods = await runpodsWithTheSamePod(2)
  const { b, ids } = await benchAt(runpods)
  const [first = '', second = ''] = ids
  runpods[0]?.fault({ kind: 'no-balance', action: 'stop' })
  for (const id of ids) inMonitor(b, (monitor) => monitor.act('p', 'stop'), id)
  await vi.waitFor(() => expect(podOf(b, first)?.intent?.phase).toBe('failed'))
  await vi.waitFor(() => expect(podOf(b, second)?.phase).toBe('stopped'))
  expect(podOf(b, first)?.phase).toBe('running')
  expect(runpods.map(actionsAt)).toEqual([['stop p'], ['stop p']])
  const journaled = readFileSync(b.journalPath, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { accountId: string })
  expect(new Set(journaled.map((one) => one.accountId))).toEqual(new Set(ids))
})

test('rules, keep running and undo of a pod are those of its account', async () => {
  const runpods = await runpodsWithTheSamePod(2)
  const { b, ids } = await benchAt(runpods)
  const [first = '', second = ''] = ids
  b.session.withPod(`${second}/p`, (monitor, podId) => monitor.keepOn(podId, '4-hours'))
  inMonitor(b, (monitor) => monitor.setAutoStop('all'), first)
  await vi.waitFor(() => expect(podOf(b, second)?.guard.keepOn).not.toBeNull())
  expect(podOf(b, first)?.guard.keepOn).toBeNull()
  expect([first, second].map((id) => viewOf(b, id).guard.autoStop)).toEqual(['all', 'undecided'])
  expect(b.store.accountRules.load(first).pods).toEqual({})

  expect(b.session.undo('no such intent')).toMatchObject({ ok: false })
  expect(b.session.withPod('nobody/p', (monitor, podId) => monitor.act(podId, 'stop'))).toMatchObject({
    ok: false,
  })
  expect(runpods.map(actionsAt)).toEqual([[], []])
})

test('input in a terminal keeps the pod of its account busy, and not the same pod of another', async () => {
  const runpod = await startRunpod({
    pods: [{ name: 'p', id: 'p', mode: 'idle' }],
    accountIds: { [READ_ONLY_KEY]: 'user_other' },
  })
  const typed = new Set<string>()
  const b = bench({ baseUrl: `${runpod.url}/v2`, inputAgoMs: (podKey) => (typed.has(podKey) ? 0 : null) })
  const first = await paste(b, FULL_KEY)
  const second = await paste(b, READ_ONLY_KEY)
  await vi.waitFor(() => expect(b.session.snapshot().pods).toHaveLength(2))
  typed.add(`${second}/p`)
  await vi.waitFor(() => {
    b.session.refresh()
    expect(podOf(b, second)?.activity).toMatchObject({ kind: 'busy', by: 'terminal' })
  })
  expect(podOf(b, first)?.activity.kind).not.toBe('busy')
})

test('histories, costs and providers are those of the account that is named', async () => {
  const runpods = await runpodsWithTheSamePod(2)
  const { b, ids } = await benchAt(runpods)
  const [first = '', second = ''] = ids
  const found = await b.session.histories([`${second}/p`, 'nobody/p'])
  expect(found.map(({ key }) => key)).toEqual([`${second}/p`])
  expect(b.session.costs('nobody', null)).toBeNull()
  expect(b.session.costs(first, null)).not.toBe(b.session.costs(second, null))
  expect(b.session.provider(first)).not.toBe(b.session.provider(second))
  expect(b.session.provider('nobody')).toBeNull()
})

test('each account has a place of its own among the polls, which it gives back when it is not watched', async () => {
  const runpod = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'user_other' } })
  const spread = createPollSpread(createSystemClock())
  const steps: string[] = []
  let slots = 0
  const pollSpread: PollSpread = {
    newSlot() {
      const slot = spread.newSlot()
      const number = (slots += 1)
      return {
        ...slot,
        firstDelayMs() {
          steps.push(`${number} starts`)
          return slot.firstDelayMs()
        },
        release() {
          steps.push(`${number} ends`)
          slot.release()
        },
      }
    },
  }
  const b = bench({ baseUrl: `${runpod.url}/v2`, pollSpread })
  const first = await paste(b, FULL_KEY)
  const second = await paste(b, READ_ONLY_KEY)
  await b.session.changeAccount(first, { isPaused: true })
  await b.session.removeAccount(second)
  expect(steps).toEqual(['1 starts', '2 starts', '1 ends', '2 ends'])
})

test('another account is added while an action is under way, which continues', async () => {
  const runpods = await runpodsWithTheSamePod(2)
  let [at] = runpods
  const b = bench({
    keyring: keyring({}),
    store: fakeStore(() => ({ ...settings, undoS: 60, runpodBaseUrl: `${at?.url}/v2` })),
  })
  const first = await paste(b, FULL_KEY)
  inMonitor(b, (monitor) => monitor.act('p', 'stop'), first)
  ;[, at] = runpods
  const second = await paste(b, FULL_KEY)
  expect(b.questions).toEqual(['Add another account?'])
  expect(podOf(b, first)?.intent).toMatchObject({ action: 'stop', phase: 'scheduled' })
  expect(podOf(b, second)?.intent).toBeNull()
  expect(b.session.undo(podOf(b, first)?.intent?.id ?? '')).toEqual(ok(undefined))
  expect(runpods.map(actionsAt)).toEqual([[], []])
})

test('an alert names its account where there are several, and not where there is one', async () => {
  const [runpod] = await runpodsWithTheSamePod(1)
  const b = bench({ store: fakeStore(() => ({ ...settings, runpodBaseUrl: `${runpod?.url}/v2` })) })
  const id = await paste(b, FULL_KEY)
  runpod?.fault({ kind: 'no-balance', action: 'stop' })
  const failStop = async (): Promise<void> => {
    const before = b.alerts.length
    inMonitor(b, (monitor) => monitor.act('p', 'stop'), id)
    await vi.waitFor(() => expect(b.alerts.length).toBeGreaterThan(before))
  }
  await failStop()
  expect(b.alerts.at(-1)?.title).not.toContain('Runpod: ')
  const other = await startRunpod({ accountIds: { [READ_ONLY_KEY]: 'other' } })
  const added = bench({ baseUrl: `${other.url}/v2` })
  await paste(added, FULL_KEY)
  const second = await paste(added, READ_ONLY_KEY)
  await added.session.changeAccount(second, { name: 'Acme' })
  other.addPod({ name: 'acme', id: 'q', mode: 'training' })
  added.session.refresh()
  await vi.waitFor(() => expect(added.session.snapshot().pods).toHaveLength(2))
  other.fault({ kind: 'forbidden' })
  added.session.refresh()
  await vi.waitFor(() => expect(added.alerts.map(({ title }) => title).join()).toContain('Acme: '))
  expect(added.alerts.every(({ title }) => /^(Acme|Runpod): /.test(title))).toBe(true)
})
