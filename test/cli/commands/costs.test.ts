import { describe, expect, onTestFinished, test } from 'vitest'
import { type MonthCosts, readCosts } from '../../../src/cli/commands/costs/costs'
import {
  type AccountCosts,
  allCostsText,
  costsCsvText,
  costsJson,
} from '../../../src/cli/commands/costs/costs-text'
import { CliExit } from '../../../src/cli/output/exit'
import type { LedgerFiles } from '../../../src/core/money/ledger/ledger-files'
import { createMemoryLedgerFiles } from '../../../src/node/data-folder/records/ledger-files'
import type { BillRow, BillRows } from '../../../src/core/pods/provider'
import { ok } from '../../../src/core/base/result'
import { providers } from '../../../src/providers/index'
import { createSimulator, FULL_KEY, type Simulator } from '../../../src/simulator/simulator'

const NOW_MS = Date.UTC(2026, 10, 24, 14)

async function runpod(): Promise<Simulator> {
  const simulator = await createSimulator({
    seed: 1,
    now: () => NOW_MS,
    networkVolumes: [{ id: 'vol', name: 'data', sizeGb: 720, createdAgoMin: 24 * 60 }],
    pods: [
      {
        id: 'a',
        name: 'a',
        mode: 'training',
        costPerHourUsd: 2,
        startedAgoMin: 25 * 60,
        containerDiskGb: 72,
      },
      { id: 'b', name: 'beta', mode: 'idle', costPerHourUsd: 0.5, startedAgoMin: 3 * 60, containerDiskGb: 0 },
    ],
  })
  onTestFinished(() => simulator.close())
  return simulator
}

const providerOf = (simulator: Simulator) =>
  providers.runpod.create({
    baseUrl: `${simulator.url}/v2`,
    hosts: 'loopback-only',
    apiKey: FULL_KEY,
    version: '0.0.0',
    now: () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'test' }),
    random: Math.random,
  })

const sourcesOf = (simulator: Simulator, files: LedgerFiles = createMemoryLedgerFiles()) => ({
  files,
  clock: {
    now: () => ({ wallMs: NOW_MS, monotonicMs: NOW_MS, runId: 'test' }),
    schedule: () => () => {},
    defer: () => {},
  },
  provider: providerOf(simulator),
})

const read = (simulator: Simulator, month?: string, files?: LedgerFiles) =>
  readCosts(month, sourcesOf(simulator, files))

/** With bills as `change` makes them. */
function readWith(simulator: Simulator, change: (rows: readonly BillRow[]) => BillRows): Promise<MonthCosts> {
  const provider = providerOf(simulator)
  return readCosts(undefined, {
    ...sourcesOf(simulator),
    provider: {
      ...provider,
      async readBills(kind, fromMs, toMs) {
        const read = await provider.readBills!(kind, fromMs, toMs)
        return read.ok && kind === 'pods' ? ok(change(read.value.rows)) : ok({ rows: [], unreadableCount: 0 })
      },
    },
  })
}

const ofAccount = (month: MonthCosts, name = 'Runpod'): AccountCosts => ({
  account: { id: name.toLowerCase(), name },
  month,
})

const linesOf = (costs: readonly AccountCosts[], hasFailures = false): readonly string[] =>
  allCostsText(costs, hasFailures, 'pod', 100).map((line) => line.map((part) => part.text).join(''))

const textOf = (costs: MonthCosts): readonly string[] => linesOf([ofAccount(costs)])

describe('podkeeper costs', () => {
  test('reads the bills of the month, even if the app never recorded costs', async () => {
    const costs = await read(await runpod())
    const text = textOf(costs)
    expect(text[0]).toMatch(/^POD .*TOTAL$/)
    expect(text.join('\n')).toMatch(/a .*\$48\.02 +\$0\.24 +\$48\.26/)
    expect(text.join('\n')).toMatch(/2026-11 \(UTC\): \$\d+\.\d\d .*of which \$\d+\.\d\d is not final yet/)
    // Bills have ids only; the list has the names that `status` shows.
    expect(text.join('\n')).toMatch(/^beta .*\$/m)
    expect(costsCsvText([ofAccount(costs)], false, 'day').split('\r\n')).toHaveLength(3)
    const json = costsJson([ofAccount(costs)], [], 'gpu') as {
      totalUsd: number
      rows: { totalUsd: number }[]
    }
    const sum = json.rows.reduce((total, row) => total + row.totalUsd, 0)
    expect(sum).toBeCloseTo(json.totalUsd, 9)
  })

  test.each(['2026-13', 'november', '2027-01', ''])('rejects the month %j', async (month) => {
    await expect(read(await runpod(), month)).rejects.toThrow(/is not a past or current month/)
  })

  test('reports unreadable bills if no costs were recorded', async () => {
    const simulator = await runpod()
    simulator.fault({ kind: 'forbidden', path: '/v2/billing*' })
    await expect(read(simulator)).rejects.toThrow(/The bills could not be read/)
  })

  test('of a month that is older than 13 are not known, and never $0.00', async () => {
    await expect(read(await runpod(), '2025-10')).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/2025-10 .*no longer available.*the oldest is 2025-11/),
    })
    expect((await read(await runpod(), '2025-11')).isIncomplete).toBe(false)
  })

  test('with a row that cannot be read are a minimum, and the row is reported', async () => {
    const simulator = await runpod()
    const costs = await readWith(simulator, (rows) => ({ rows, unreadableCount: 2 }))
    expect(costs.isIncomplete).toBe(true)
    expect(textOf(costs).join('\n')).toMatch(/\(UTC\): at least \$\d+.*8 rows that could not be read/s)
    expect(costsJson([ofAccount(costs)], [], 'pod')).toMatchObject({
      isAtLeast: true,
      unread: [expect.any(String)],
    })
  })

  test('of which nothing can be read end with an error instead of $0.00', async () => {
    const simulator = await runpod()
    await expect(readWith(simulator, () => ({ rows: [], unreadableCount: 3 }))).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/could not be read.*12 rows/),
    })
    const impossible = { subjectId: 'a', totalUsd: 1e12, diskUsd: 0 }
    const startMs = NOW_MS - 2 * 3_600_000
    const rows = [{ ...impossible, startMs, endMs: startMs + 3_600_000 }]
    await expect(readWith(simulator, () => ({ rows, unreadableCount: 0 }))).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/impossible amount/),
    })
  })

  test('that are zero by a bill without rows are zero', async () => {
    const costs = await readWith(await runpod(), () => ({ rows: [], unreadableCount: 0 }))
    expect(costs).toMatchObject({ isIncomplete: false, unread: [], view: { totalCents: 0 } })
  })

  test('report a file of the app that cannot be read', async () => {
    const files = createMemoryLedgerFiles()
    files.write('2026-11', '{')
    const costs = await read(await runpod(), undefined, files)
    expect(costs).toMatchObject({
      isIncomplete: true,
      unread: [expect.stringMatching(/2026-11 were damaged/)],
    })
  })

  test('of several accounts are listed for each, with their sum', async () => {
    const [one, other] = [await read(await runpod()), await read(await runpod())]
    const costs = [ofAccount(one, 'Lab'), ofAccount(other, 'Work')]
    const json = costsJson(costs, [], 'pod') as any
    expect(json.totalUsd).toBeCloseTo((one.view.totalCents + other.view.totalCents) / 100, 9)
    expect(json.accounts.map(({ name }: any) => name)).toEqual(['Lab', 'Work'])
    // The same pod id in two accounts is two pods.
    const ofPod = json.rows.filter(({ id }: any) => id === 'a')
    expect(ofPod.map(({ account }: any) => account.id)).toEqual(['lab', 'work'])
    const text = linesOf(costs)
    expect(text.filter((line) => line === 'Lab' || line === 'Work')).toEqual(['Lab', 'Work'])
    expect(text.at(-1)).toMatch(/^2026-11 \(UTC\), all accounts: \$\d/)
    const [title, ...rows] = costsCsvText(costs, true, 'pod').split('\r\n')
    expect(title).toMatch(/,account$/)
    expect(rows.every((row) => /,(Lab|Work)$/.test(row))).toBe(true)
  })

  test('of an account that could not be read make the sum a minimum, and the account is named', async () => {
    const costs = [ofAccount(await read(await runpod()), 'Lab')]
    const failures = [{ name: 'Work', exit: new CliExit(4, 'Runpod could not be reached.') }]
    expect(linesOf(costs, true).at(-1)).toMatch(/all accounts: at least \$/)
    expect(costsJson(costs, failures, 'pod')).toMatchObject({
      isAtLeast: true,
      unread: ['Work: Runpod could not be reached.'],
      accounts: [
        { name: 'Lab', problem: null },
        { name: 'Work', problem: 'Runpod could not be reached.' },
      ],
    })
  })
})
