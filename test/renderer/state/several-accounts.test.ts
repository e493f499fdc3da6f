import { expect, test, vi } from 'vitest'
import { accountName } from '../../../src/core/view/account-name'
import { ok } from '../../../src/core/base/result'
import type { Snapshot } from '../../../src/core/view/snapshot'
import { shownBalance } from '../../../src/renderer/money/lowest-balance'
import { paletteEntries } from '../../../src/renderer/palette/palette-entries'
import { loadChosenAccount, saveChosenAccount } from '../../../src/renderer/pods/saved-view'
import { isAccountStale } from '../../../src/renderer/state/account-parts'
import { announcementText } from '../../../src/renderer/state/announcement-text'
import { arrangePods } from '../../../src/renderer/state/arrange/arrange-pods'
import { createSnapshotStore } from '../../../src/renderer/state/snapshot-store'
import type { Bridge } from '../../../src/shared/ipc'
import { serializeSnapshot, type SnapshotText } from '../../../src/shared/snapshot-text'
import {
  accountEntry,
  gonePod,
  NOW_MS,
  podView,
  snapshotOf,
  snapshotOfAccounts,
} from '../../harness/samples/pod-views'

const own = accountEntry({ id: 'own', name: 'Personal' })
const lab = accountEntry({ id: 'lab', name: 'Lab', color: 'green' })
const ownPod = podView({ accountId: 'own', id: 'same', name: 'llama' })
const labPod = podView({ accountId: 'lab', id: 'same', name: 'mcmc-planck' })
const balance = (usd: number) => ({ kind: 'known', usd, spendPerHourUsd: null, atMs: NOW_MS }) as const
const offline = { kind: 'offline', sinceMs: 0, nextTryAtMs: 0, failure: '' } as const

const both = (ofLab: Partial<Snapshot> = {}, ofOwn: Partial<Snapshot> = {}): Snapshot =>
  snapshotOfAccounts([
    { entry: own, pods: [ownPod], balance: balance(5), runwayMs: 90_000, ...ofOwn },
    { entry: lab, pods: [labPod], balance: balance(400), runwayMs: 60_000, ...ofLab },
  ])

async function storeOf(initial: Snapshot, chosenId: string | null = null) {
  let publish = (_text: SnapshotText): void => {}
  const bridge = {
    snapshot: () => Promise.resolve(ok(structuredClone(initial))),
    history: () => Promise.resolve(ok([])),
    on(name: string, listener: (payload: never) => void) {
      if (name === 'snapshot') publish = (text) => listener(text as never)
      return () => {}
    },
  } as unknown as Bridge
  const snapshotStore = createSnapshotStore(bridge, undefined, chosenId)
  snapshotStore.connect()
  const state = () => snapshotStore.store.getState()
  await vi.waitFor(() => expect(state().snapshot).not.toBeNull())
  return { snapshotStore, state, publish: (snapshot: Snapshot) => publish(serializeSnapshot(snapshot)) }
}

const shownKeys = ({
  sections,
}: {
  sections: readonly { podKeys: readonly string[] }[]
}): readonly string[] => sections.flatMap(({ podKeys }) => podKeys)

test('the same pod id in two accounts is two pods, and one account shows its own alone', async () => {
  const { snapshotStore, state } = await storeOf(both())
  expect(shownKeys(state())).toEqual(['own/same', 'lab/same'])
  snapshotStore.showAccount('lab')
  expect(shownKeys(state())).toEqual(['lab/same'])
  expect(state().snapshot?.account?.id).toBe('lab')
  expect(state().podsByKey.size).toBe(2)
})

test('a request to show a pod of another account shows all accounts', async () => {
  const { snapshotStore, state } = await storeOf(both(), 'lab')
  expect(shownKeys(state())).toEqual(['lab/same'])
  snapshotStore.showPod('own/same')
  expect(state().shownAccountId).toBeNull()
  expect(shownKeys(state())).toContain('own/same')
})

test('an account that was chosen is shown again once it is there', async () => {
  const { state, publish } = await storeOf(snapshotOfAccounts([{ entry: own, pods: [ownPod] }]), 'lab')
  expect(state().shownAccountId).toBeNull()
  publish({ ...both(), revision: 2 })
  expect(state().shownAccountId).toBe('lab')
  expect(shownKeys(state())).toEqual(['lab/same'])
})

test('the only account is shown as a whole, whatever was chosen', async () => {
  const { state } = await storeOf(snapshotOfAccounts([{ entry: own, pods: [ownPod] }]), 'own')
  expect(state().shownAccountId).toBeNull()
  expect(accountName(state().snapshot, 'own')).toBeNull()
})

test('a search finds pods by the name of their account, which may change', async () => {
  const { snapshotStore, state, publish } = await storeOf(both())
  snapshotStore.setView({ search: 'lab mcmc' })
  expect(shownKeys(state())).toEqual(['lab/same'])
  snapshotStore.setView({ search: 'institute' })
  expect(shownKeys(state())).toEqual([])
  const renamed = { entry: { ...lab, name: 'Institute' }, pods: [labPod] }
  publish({ ...snapshotOfAccounts([{ entry: own, pods: [ownPod] }, renamed]), revision: 2 })
  expect(shownKeys(state())).toEqual(['lab/same'])
})

test('a search does not find the id of an account', async () => {
  const { snapshotStore, state } = await storeOf(both())
  snapshotStore.setView({ search: 'own/' })
  expect(shownKeys(state())).toEqual([])
})

test('only the pods of an account that does not answer are out of date', () => {
  const snapshot = both({ connection: offline })
  expect(isAccountStale(snapshot, 'own')).toBe(false)
  expect(isAccountStale(snapshot, 'lab')).toBe(true)
})

test('of several balances the one that is used up first is shown with its account, and none is added', () => {
  const shown = (snapshot: Snapshot, shownAccountId: string | null = null) =>
    shownBalance({ snapshot, shownAccountId })
  expect(shown(both())).toEqual({ accountName: 'Lab', balance: balance(400), runwayMs: 60_000 })
  expect(shown(both({ runwayMs: null }))).toMatchObject({ accountName: 'Personal', balance: balance(5) })
  const paused = both({}, {})
  const [first, second] = paused.accounts
  const withPausedLab = { ...paused, accounts: [first!, { ...second!, entry: { ...lab, isPaused: true } }] }
  expect(shown(withPausedLab)).toMatchObject({ accountName: 'Personal' })
  const unknown = { kind: 'not-asked' } as const
  expect(shown(both({ balance: unknown }, { balance: unknown }))).toMatchObject({ accountName: null })
  expect(shown(snapshotOf([], { balance: balance(7) }))).toMatchObject({
    accountName: null,
    balance: balance(7),
  })
})

test('the palette names the accounts of pods, and shows one account or all', () => {
  const labels = paletteEntries(both()).map(({ label }) => label)
  expect(labels).toContain('Stop mcmc-planck · Lab')
  expect(labels).toContain('Show llama · Personal in the list')
  expect(labels).toEqual(expect.arrayContaining(['Show all accounts', 'Show account Lab', 'Manage accounts']))
  const ids = paletteEntries(both()).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  const withOne = paletteEntries(snapshotOf([podView({ name: 'llama' })])).map(({ label }) => label)
  expect(withOne).toContain('Stop llama')
  expect(withOne.filter((label) => label.includes('Show account'))).toEqual([])
})

test('what is announced names the account', () => {
  const before = both()
  expect(announcementText(before, both({ connection: offline }))).toBe('Lab is no longer live.')
  expect(announcementText(both({ connection: offline }), before)).toBe('Lab is live.')
  const stopped = { ...labPod, phase: 'stopped' } as const
  expect(announcementText(before, both({ pods: [stopped] }))).toBe('mcmc-planck in Lab: stopped.')
  const gone = gonePod({ id: 'same', name: 'mcmc-planck', goneAtMs: NOW_MS, how: 'vanished' }, 'lab')
  expect(announcementText(before, both({ pods: [], gonePods: [gone] }))).toBe('mcmc-planck in Lab is gone.')
})

test('a cluster is of one account, even where another has one with the same id', () => {
  const clusterPods = [ownPod, labPod].map((pod) => ({ ...pod, clusterId: 'c1' }))
  const sections = arrangePods(clusterPods, { nowMs: NOW_MS })
  expect(sections.map(({ about, podKeys }) => [about, ...podKeys])).toEqual([
    ['c1', 'lab/same'],
    ['c1', 'own/same'],
  ])
})

test('the chosen account is remembered for each window, and forgotten with the choice of all', () => {
  const stored = new Map<string, string>()
  const storage = {
    getItem: (name: string) => stored.get(name) ?? null,
    setItem: (name: string, value: string) => void stored.set(name, value),
    removeItem: (name: string) => void stored.delete(name),
  }
  saveChosenAccount(storage, 'main', 'lab')
  expect(loadChosenAccount(storage, 'main')).toBe('lab')
  expect(loadChosenAccount(storage, 'popover')).toBeNull()
  saveChosenAccount(storage, 'main', null)
  expect(loadChosenAccount(storage, 'main')).toBeNull()
})
