import { allAuditEntries } from '../../../src/core/audit-log/audit-log'
import { describe, expect, test } from 'vitest'
import type { Alert } from '../../../src/core/alerts/alert'
import type { AlertHistory } from '../../../src/core/alerts/alert-history'
import { MINUTE_MS } from '../../../src/core/base/time/time'
import { moneyAlerts } from '../../../src/core/money/budget-alerts'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import { defaultSettings, type Settings } from '../../../src/core/settings/settings'
import { mergeSnapshots } from '../../../src/core/view/merge-snapshots'
import type { Snapshot } from '../../../src/core/view/snapshot'
import { accountSettings, overallBudgets } from '../../../src/core/money/account-settings'
import { ALL_ACCOUNTS, createOverallBudget } from '../../../src/core/money/overall-budget'
import { createMemoryAuditLog } from '../../../src/node/in-memory/memory-files'
import { createFakeClock, flushPromises } from '../../harness/base/fake-clock'
import { moneyView } from '../../harness/samples/money-views'
import { accountEntry, NOW_MS, podView, snapshotOf } from '../../harness/samples/pod-views'

function fixture(changes: Partial<Settings> = { monthlyBudgetUsd: '100.00' }, history: AlertHistory = {}) {
  const clock = createFakeClock(NOW_MS)
  const shown: Alert[] = []
  const state = { history, settings: { ...defaultSettings, ...changes }, isActive: true, isPaused: false }
  const log = createMemoryAuditLog()
  const budget = createOverallBudget({
    clock,
    settings: () => state.settings,
    notifier: {
      show: async (alert) => {
        shown.push(alert)
        return 'shown'
      },
    },
    auditLog: log,
    alertHistory: { load: () => state.history, save: (next) => void (state.history = next) },
    mayAnnounce: () => state.isActive,
    alertsPausedUntilMs: () => (state.isPaused ? NOW_MS + MINUTE_MS : null),
    report: (what) => expect.fail(what),
  })
  const checkSnapshot = ({ accounts, money }: Snapshot): void => budget.check(accounts.length, money)
  /** Each account has spent this, USD. */
  const picture = (...spent: readonly (number | null)[]): Snapshot =>
    mergeSnapshots(
      spent.map((usd, index) => ({
        entry: accountEntry({ id: `account-${index}` }),
        snapshot: snapshotOf([podView()], { money: usd === null ? null : moneyView(usd), accounts: [] }),
      })),
      overallBudgets(state.settings),
      NOW_MS,
    )
  async function check(...spent: readonly (number | null)[]): Promise<readonly string[]> {
    clock.advance(MINUTE_MS)
    const before = shown.length
    checkSnapshot(picture(...spent))
    await flushPromises()
    return shown.slice(before).map(({ title }) => title)
  }
  return { check, checkSnapshot, picture, shown, state, clock, log }
}

describe('the budget of all accounts', () => {
  test('is reported once for each part, by what all have spent together', async () => {
    const { check, state } = fixture()
    expect(await check(20, 29)).toEqual([])
    expect(await check(30, 30)).toEqual(['All accounts: 50% of the monthly budget is spent'])
    expect(await check(30, 31)).toEqual([])
    expect(await check(45, 40)).toEqual(['All accounts: 80% of the monthly budget is spent'])
    expect(await check(45, 41)).toEqual([])
    expect(await check(60, 41)).toHaveLength(1)
    expect(await check(61, 41)).toEqual([])
    expect(Object.values(state.history).map(({ accountId }) => accountId)).toEqual(
      Object.values(state.history).map(() => ALL_ACCOUNTS),
    )
  })

  test('is reported by the only account itself, not once more', async () => {
    const { check } = fixture()
    expect(await check(150)).toEqual([])
    expect(await check()).toEqual([])
  })

  test('is reported while the costs of one account are not counted, and not while those of none are', async () => {
    const { check } = fixture()
    expect(await check(null, null)).toEqual([])
    expect(await check(85, null)).toHaveLength(1)
  })

  test('is not reported again by the next program', async () => {
    const first = fixture()
    await first.check(45, 40)
    const next = fixture({ monthlyBudgetUsd: '100.00' }, first.state.history)
    expect(await next.check(45, 40)).toEqual([])
  })

  test('leaves what was reported for other accounts in the history', async () => {
    const own = {
      kind: 'idle',
      accountId: 'account-0',
      podId: 'p',
      episode: '1',
      atMs: 1,
      state: 'said',
    } as const
    const { check, state } = fixture({ monthlyBudgetUsd: '100.00' }, { own })
    await check(45, 40)
    expect(state.history['own']).toBe(own)
    expect(Object.keys(state.history)).toHaveLength(2)
  })

  test('is not reported without one, while alerts are paused, and by a program that only watches', async () => {
    expect(await fixture({}).check(900, 900)).toEqual([])
    const paused = fixture()
    paused.state.isPaused = true
    expect(await paused.check(45, 40)).toEqual([])
    paused.state.isPaused = false
    expect(await paused.check(45, 40)).toHaveLength(1)
    const passive = fixture()
    passive.state.isActive = false
    expect(await passive.check(45, 40)).toEqual([])
    expect(passive.state.history).toEqual({})
  })

  test('is in the log without an account of the person', async () => {
    const { check, log } = fixture()
    await check(45, 40)
    const { entries } = log.page(null, allAuditEntries, 10)
    expect(entries).toMatchObject([{ accountId: ALL_ACCOUNTS, kind: 'alert', what: 'budget', podId: null }])
  })

  test('is looked at four times a minute at most, however many snapshots there are', async () => {
    const { checkSnapshot, picture, shown, clock } = fixture()
    checkSnapshot(picture(1, 1))
    checkSnapshot(picture(45, 40))
    await flushPromises()
    expect(shown).toEqual([])
    clock.advance(MINUTE_MS / 4)
    checkSnapshot(picture(45, 40))
    await flushPromises()
    expect(shown).toHaveLength(1)
  })

  test('has no alerts about balances and unused disks, which are reported for each account', async () => {
    const { checkSnapshot, picture, shown } = fixture({ monthlyBudgetUsd: '1000.00' })
    const unused = [{ kind: 'volume', id: 'v', name: 'v', perDayUsd: 50, sinceMs: 0 }] as const
    const snapshot = picture(1, 1)
    if (snapshot.money === null) throw new Error('costs are counted')
    checkSnapshot({ ...snapshot, runwayMs: 1, money: { ...snapshot.money, unused } })
    await flushPromises()
    expect(shown).toEqual([])
  })
})

describe('the budgets of one account', () => {
  const settings = { ...defaultSettings, monthlyBudgetUsd: '100.00', dailyBudgetUsd: '10.00' }

  test('are those of the settings for the only one', () => {
    expect(accountSettings(settings, { monthlyBudgetUsd: 600 }, 1)).toBe(settings)
  })

  test('are its own or none where there are several', () => {
    expect(accountSettings(settings, { monthlyBudgetUsd: 600 }, 2)).toEqual({
      ...settings,
      monthlyBudgetUsd: '600.00',
      dailyBudgetUsd: null,
    })
    expect(accountSettings(settings, {}, 2)).toMatchObject({ monthlyBudgetUsd: null, dailyBudgetUsd: null })
  })

  test('are reported beside that of all, each once', async () => {
    const { check, state } = fixture({ monthlyBudgetUsd: '100.00' })
    const own = accountSettings(state.settings, { monthlyBudgetUsd: 50 }, 2)
    const alerts = moneyAlerts({
      accountId: 'account-0',
      nowMs: NOW_MS,
      money: moneyView(45, {}, overallBudgets(own)),
      runwayMs: null,
      topUp: '',
      pods: [],
      settings: own,
      accountRules: emptyAccountRules,
      history: {},
    })
    expect(alerts.map(({ key }) => [key.accountId, key.kind])).toContainEqual(['account-0', 'budget'])
    expect(await check(45, 40)).toHaveLength(1)
    // Without a budget of its own, the account tells of none.
    const none = accountSettings(state.settings, {}, 2)
    expect(overallBudgets(none)).toEqual({ monthlyUsd: null, dailyUsd: null })
  })
})
