import { expect, test } from 'vitest'
import { noBudgets } from '../../../../src/core/money/money-view'
import { mergeSnapshots } from '../../../../src/core/view/merge-snapshots'
import type { Snapshot } from '../../../../src/core/view/snapshot'
import { trayModel } from '../../../../src/core/view/tray/tray-model'
import { accountEntry, guardViewWith, NOW_MS, podView, snapshotOf } from '../../../harness/samples/pod-views'

const account = (id: string, over: Partial<Snapshot> = {}, isPaused = false) => ({
  entry: accountEntry({ id, name: id, isPaused }),
  snapshot: snapshotOf([podView({ accountId: id, id: 'p', name: 'same-name' })], {
    burn: { perHourUsd: 1, isAtLeast: false },
    accounts: [],
    ...over,
  }),
})
const trayOf = (...accounts: readonly ReturnType<typeof account>[]) =>
  trayModel(mergeSnapshots(accounts, noBudgets, NOW_MS))

const refused = { connection: { kind: 'key-refused', firstAtMs: 1, againAtMs: 2, nextTryAtMs: 2 } } as const

/** The commands of the pods' menus, with what stands above them. */
function podMenus({ menu }: ReturnType<typeof trayModel>) {
  return menu.slice(1).flatMap((entry): unknown[] => {
    if (entry.kind === 'text') return [entry.text]
    if (entry.kind !== 'submenu') return []
    return entry.entries.flatMap((one) =>
      one.kind === 'item' && 'podKey' in one.command ? [`${one.command.kind} ${one.command.podKey}`] : [],
    )
  })
}

test('the menu lists the pods of several accounts under their names, and acts on the pod of that account', () => {
  const pods = podMenus(trayOf(account('Acme'), account('Lab')))
  expect(pods).toEqual([
    'Acme',
    'act Acme/p',
    'open-terminal Acme/p',
    'show-pod Acme/p',
    'Lab',
    'act Lab/p',
    'open-terminal Lab/p',
    'show-pod Lab/p',
  ])
})

test('a single account is not named, and neither is one without pods', () => {
  expect(podMenus(trayOf(account('Acme')))).not.toContain('Acme')
  expect(podMenus(trayOf(account('Acme'), account('Lab', { pods: [] })))).not.toContain('Lab')
})

test('the tooltip adds up what runs, and says which account is in trouble while the icon shows the others', () => {
  const model = trayOf(account('Acme'), account('Lab', refused))
  expect(model.tooltip).toBe('Lab: the API key was rejected · 2 running · $2.00/hr')
  expect(model.state).toBe('running')
})

test('a paused account is in no trouble', () => {
  const paused = account('Lab', { ...refused, pods: [] }, true)
  expect(trayOf(account('Acme'), paused).tooltip).toBe('1 running · $1.00/hr')
})

test('the lowest runway of the accounts decides whether money is short', () => {
  const model = trayOf(account('Acme', { runwayMs: 60_000_000 }), account('Lab', { runwayMs: 3_600_000 }))
  expect(model.state).toBe('short-of-money')
})

test('the next stops are those of accounts whose data is current, each as its own rules have it', () => {
  const stopping = (accountId: string, name: string, inMs: number) =>
    podView({
      accountId,
      id: name,
      name,
      guard: guardViewWith({ kind: 'planned', cause: 'quiet', action: 'stop', atMs: NOW_MS + inMs }),
    })
  const offline = { kind: 'offline', sinceMs: NOW_MS, nextTryAtMs: NOW_MS, failure: 'x' } as const
  const armed = { autoStop: 'all', areAutoStopsPaused: false, isDryRun: false } as const
  const { menu } = trayOf(
    account('Acme', { guard: armed, pods: [stopping('Acme', 'real', 120_000)] }),
    account('Lab', { guard: { ...armed, isDryRun: true }, pods: [stopping('Lab', 'trial', 60_000)] }),
    account('Old', { guard: armed, connection: offline, pods: [stopping('Old', 'unseen', 30_000)] }),
  )
  const texts = menu.flatMap((entry) => (entry.kind === 'text' ? [entry.text.replace(/^\S+ /, '')] : []))
  expect(texts.filter((text) => /stop (real|trial|unseen)/.test(text))).toEqual([
    'dry run: would stop trial',
    'stop real',
  ])
})
