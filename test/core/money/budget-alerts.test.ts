import { describe, expect, test } from 'vitest'
import { emptyAccountRules } from '../../../src/core/pod-rules/pod-rules'
import type { AlertHistory } from '../../../src/core/alerts/alert-history'
import { planAlerts } from '../../../src/core/alerts/alert-plan'
import { type MoneyAlertInput, moneyAlerts, rememberedAlerts } from '../../../src/core/money/budget-alerts'
import type { MoneyView } from '../../../src/core/money/money-view'
import { defaultSettings } from '../../../src/core/settings/settings'
import { DAY_MS, HOUR_MS } from '../../../src/core/base/time/time'
import { pod } from '../../harness/samples/pods'
import { MONTH_START_MS, openLedger } from '../../harness/money/ledger-fixture'

const spend = {
  usd: 0,
  minUsd: 0,
  maxUsd: 0,
  billedUsd: 0,
  estimatedUsd: 0,
  idleUsd: 0,
  isAtLeast: false,
  mayMissPods: false,
}

function found(
  money: Partial<MoneyView> & { spentUsd?: number; todayUsd?: number },
  rest: Partial<MoneyAlertInput> = {},
) {
  const { spentUsd = 0, todayUsd = 0, ...view } = money
  const full: MoneyView = {
    month: '2026-11',
    monthEndsAtMs: Date.UTC(2026, 11, 1),
    spent: { ...spend, usd: spentUsd },
    today: { ...spend, usd: todayUsd },
    budget: { monthlyUsd: 600, dailyUsd: null, monthShare: spentUsd / 600, dayShare: null, passesAtMs: null },
    forecast: null,
    billedUntilMs: null,
    billProblem: null,
    volumesPerHourUsd: 0,
    unused: [],
    pods: {},
    ...view,
  }
  return moneyAlerts({
    accountId: 'account-1',
    nowMs: MONTH_START_MS,
    money: full,
    runwayMs: null,
    topUp: '7',
    pods: [],
    settings: defaultSettings,
    accountRules: emptyAccountRules,
    history: {},
    ...rest,
  })
}

describe('an alert about a budget', () => {
  test.each([
    [299, []],
    [300, ['50% of the monthly budget is spent']],
    [480, ['80% of the monthly budget is spent']],
    [599.99, ['80% of the monthly budget is spent']],
    [600, ['The monthly budget is spent']],
  ])('of $600 of which $%s is spent says %j', (spentUsd, titles) => {
    expect(found({ spentUsd }).map(({ title }) => title)).toEqual(titles)
  })

  test('is shown once per threshold, period and budget, and never during quiet hours', () => {
    const [alert] = found({ spentUsd: 480 })
    expect(alert).toMatchObject({
      key: { kind: 'budget', podId: null, episode: '2026-11/80' },
      isCritical: false,
    })
    expect(alert?.body).toBe('$480.00 of $600.00, $120.00 left (UTC)')
  })

  test('for a day is shown per day', () => {
    const budget = { monthlyUsd: null, dailyUsd: 20, monthShare: null, dayShare: 1.2, passesAtMs: null }
    const [alert] = found({ todayUsd: 24, budget })
    expect([alert?.title, alert?.key.episode]).toEqual(['The daily budget is spent', '2026-11-10/100'])
  })

  test('does not exist without a budget', () => {
    const budget = { monthlyUsd: null, dailyUsd: null, monthShare: null, dayShare: null, passesAtMs: null }
    expect(found({ spentUsd: 10_000, budget })).toEqual([])
  })

  test('says on which day the pace passes the budget', () => {
    const budget = {
      monthlyUsd: 600,
      dailyUsd: null,
      monthShare: 0.4,
      dayShare: null,
      passesAtMs: MONTH_START_MS + 14 * DAY_MS,
    }
    const forecast = { usd: 812, atBurnUsd: 900, perHourUsd: 1 }
    expect(found({ spentUsd: 240, budget, forecast })).toMatchObject([
      {
        key: { kind: 'budget-pace', episode: '2026-11' },
        title: 'At this pace, the budget will be spent on the 24th',
        body: 'At the recent pace, this month will reach $812.00 of $600.00',
      },
    ])
  })
})

describe('an alert about a budget that was announced', () => {
  type State = 'said' | 'held' | 'dropped'
  const record = (episode: string, state: State = 'said', kind: 'budget' | 'budget-pace' = 'budget') => ({
    [JSON.stringify([kind, 'account-1', null, episode])]: {
      kind,
      accountId: 'account-1',
      podId: null,
      episode,
      atMs: MONTH_START_MS,
      state,
    },
  })
  const episodes = (usd: number, history: AlertHistory, budgetUsd = 600) =>
    found(
      {
        spentUsd: usd,
        budget: {
          monthlyUsd: budgetUsd,
          dailyUsd: null,
          monthShare: usd / budgetUsd,
          dayShare: null,
          passesAtMs: null,
        },
      },
      { history },
    ).map(({ key }) => key.episode)

  test.each<[string, number, AlertHistory, number, readonly string[]]>([
    ['is kept while nothing higher is reached', 490, record('2026-11/80'), 600, ['2026-11/80']],
    ['is not followed by a lower one after a lower bill', 310, record('2026-11/80'), 600, ['2026-11/80']],
    [
      'is not followed by a lower one for a higher budget',
      600,
      record('2026-11/100'),
      1_200,
      ['2026-11/100'],
    ],
    ['is not repeated for another budget', 500, record('2026-11/80'), 610, ['2026-11/80']],
    [
      'is kept when the budget is so high that none is reached',
      10,
      record('2026-11/80'),
      900,
      ['2026-11/80'],
    ],
    ['is followed by a higher one', 600, record('2026-11/80'), 600, ['2026-11/100']],
    ['does not count when it was held', 310, record('2026-11/80', 'held'), 600, ['2026-11/50']],
    ['in another month does not count', 310, record('2026-10/100'), 600, ['2026-11/50']],
    [
      'for a day does not count for the month',
      310,
      record('2026-11-10/100'),
      600,
      ['2026-11/50', '2026-11-10/100'],
    ],
  ])('%s', (_, usd, history, budgetUsd, expected) => {
    expect(episodes(usd, history, budgetUsd)).toEqual(expected)
  })

  test('for the pace is not repeated in its month', () => {
    const budget = {
      monthlyUsd: 700,
      dailyUsd: null,
      monthShare: 0.4,
      dayShare: null,
      passesAtMs: MONTH_START_MS + 14 * DAY_MS,
    }
    const forecast = { usd: 812, atBurnUsd: 900, perHourUsd: 1 }
    for (const episode of ['2026-11', '2026-11/600'])
      expect(
        found({ spentUsd: 280, budget, forecast }, { history: record(episode, 'said', 'budget-pace') }).map(
          ({ key, title }) => [key.episode, title],
        ),
      ).toEqual([[episode, '']])
  })

  test('is never shown again, in a month of changing budgets and bills', () => {
    const rules = {
      isOn: () => true,
      arePaused: false,
      isQuietHours: false,
      minIntervalMs: () => 0,
    }
    const shown: string[] = []
    let history: AlertHistory = {}
    const changes = [
      [310, 600],
      [310, 601],
      [490, 600],
      [470, 600],
      [310, 600],
      [490, 600],
      [490, 5_000],
      [10, 5_000],
      [605, 600],
      [605, 1_200],
      [1_100, 1_200],
    ] as const
    changes.forEach(([usd, budgetUsd], day) => {
      for (let hour = 0; hour < 24; hour += 8) {
        const nowMs = MONTH_START_MS + day * DAY_MS + hour * HOUR_MS
        const monthShare = usd / budgetUsd
        const budget = { monthlyUsd: budgetUsd, dailyUsd: null, monthShare, dayShare: null, passesAtMs: null }
        const pending = found({ spentUsd: usd, budget }, { history })
        const plan = planAlerts(pending, history, nowMs, rules, true)
        history = plan.alertHistory
        shown.push(...plan.steps.map(({ alert }) => alert.title))
      }
    })
    expect(shown).toEqual([
      '50% of the monthly budget is spent',
      '80% of the monthly budget is spent',
      'The monthly budget is spent',
    ])
  })

  test('stays in the history while the period is not known', () => {
    const history = {
      ...record('2026-11/80'),
      ...record('2026-11/100', 'held'),
      ...record('x', 'said', 'budget-pace'),
    }
    expect(rememberedAlerts('account-1', history).map(({ key }) => key.episode)).toEqual(['2026-11/80', 'x'])
    expect(rememberedAlerts('another', history)).toEqual([])
  })
})

describe('an alert about a balance', () => {
  const lasts = (hours: number, pods = [pod()]) => found({}, { runwayMs: hours * HOUR_MS, pods })

  test.each([
    [25, []],
    [24, [['7/24', false]]],
    [6, [['7/6', true]]],
    [1, [['7/1', true]]],
  ])('that lasts %s h is shown, and critical from 6 h on', (hours, expected) => {
    expect(lasts(hours).map(({ key, isCritical }) => [key.episode, isCritical])).toEqual(expected)
  })

  test('names in the last stage what Runpod deletes at $0: pods without a network volume', () => {
    const network = [{ volumeId: 'v', path: null }]
    const pods = [pod({ name: 'mine' }), pod({ id: 'b', name: 'kept', networkMounts: network })]
    expect(lasts(0.5, pods)[0]?.body).toBe('At $0, Runpod deletes mine, with their disks.')
    expect(lasts(0.5, pods.slice(1))[0]?.body).toBe('At $0, Runpod stops your pods; none is deleted.')
    const many = Array.from({ length: 8 }, (_pod, index) => pod({ id: `${index}`, name: `p${index}` }))
    expect(lasts(0.5, many)[0]?.body).toMatch(/p0, p1, p2, p3, p4 and 3 more, with/)
  })

  test('is repeated after a top-up of a fifth, and not after a smaller one', () => {
    const ledger = openLedger()
    const first = ledger.recordBalance(100, MONTH_START_MS)
    expect(ledger.recordBalance(50, MONTH_START_MS + HOUR_MS)).toBe(first)
    expect(ledger.recordBalance(59, MONTH_START_MS + 2 * HOUR_MS)).toBe(first)
    expect(ledger.recordBalance(60, MONTH_START_MS + 3 * HOUR_MS)).toBe(MONTH_START_MS + 3 * HOUR_MS)
    expect(ledger.recordBalance(59, MONTH_START_MS + 4 * HOUR_MS)).toBe(MONTH_START_MS + 3 * HOUR_MS)
  })
})

describe('an alert about an unused resource', () => {
  const disk = { kind: 'pod', id: 'a', name: 'old', perDayUsd: 0.67 } as const

  test('is shown once it was unused for a week, and then weekly', () => {
    expect(found({ unused: [{ ...disk, sinceMs: MONTH_START_MS - 6 * DAY_MS }] })).toEqual([])
    const unused = [
      { ...disk, sinceMs: MONTH_START_MS - 8 * DAY_MS },
      {
        ...disk,
        kind: 'volume',
        id: 'v',
        name: 'data',
        perDayUsd: null,
        sinceMs: MONTH_START_MS - 9 * DAY_MS,
      } as const,
    ]
    const [alert] = found({ unused })
    expect(alert).toMatchObject({
      title: 'Unused disks cost at least $0.67 a day',
      body: 'old for 8 d, volume data for 9 d',
    })
    const later = found({ unused }, { nowMs: MONTH_START_MS + 7 * DAY_MS })
    expect(later[0]?.key.episode).not.toBe(alert?.key.episode)
  })
})
