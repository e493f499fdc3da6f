import { describe, expect, onTestFinished, test } from 'vitest'
import {
  costsCsvText,
  costsJson,
  costsText,
  type MonthCosts,
  readCosts,
} from '../../../src/cli/commands/costs'
import type { LedgerFiles } from '../../../src/core/money/ledger/ledger-files'
import { createMemoryLedgerFiles } from '../../../src/node/data-folder/ledger-files'
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
      { id: 'b', name: 'b', mode: 'idle', costPerHourUsd: 0.5, startedAgoMin: 3 * 60, containerDiskGb: 0 },
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

const textOf = (costs: MonthCosts): readonly string[] =>
  costsText(costs, 'pod', 100).map((line) => line.map((part) => part.text).join(''))

describe('podkeeper costs', () => {
  test('reads the bills of the month, even if the app never recorded costs', async () => {
    const costs = await read(await runpod())
    const text = textOf(costs)
    expect(text[0]).toMatch(/^POD .*TOTAL$/)
    expect(text.join('\n')).toMatch(/a .*\$48\.02 +\$0\.24 +\$48\.26/)
    expect(text.join('\n')).toMatch(/2026-11 \(UTC\): \$\d+\.\d\d .*of it not billed for good yet/)
    expect(costsCsvText(costs, 'day').split('\r\n')).toHaveLength(3)
    const json = costsJson(costs, 'gpu') as { totalUsd: number; rows: { totalUsd: number }[] }
    const sum = json.rows.reduce((total, row) => total + row.totalUsd, 0)
    expect(sum).toBeCloseTo(json.totalUsd, 9)
  })

  test.each(['2026-13', 'november', '2027-01', ''])('rejects the month %j', async (month) => {
    await expect(read(await runpod(), month)).rejects.toThrow(/no month that has begun/)
  })

  test('reports unreadable bills if no costs were recorded', async () => {
    const simulator = await runpod()
    simulator.fault({ kind: 'forbidden', path: '/v2/billing*' })
    await expect(read(simulator)).rejects.toThrow(/The bills cannot be read/)
  })

  test('of a month that is older than 13 are not known, and never $0.00', async () => {
    await expect(read(await runpod(), '2025-10')).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/2025-10 .*not known any more.*2025-11 is the oldest/),
    })
    expect((await read(await runpod(), '2025-11')).isIncomplete).toBe(false)
  })

  test('with a row that cannot be read are a minimum, and the row is reported', async () => {
    const simulator = await runpod()
    const costs = await readWith(simulator, (rows) => ({ rows, unreadableCount: 2 }))
    expect(costs.isIncomplete).toBe(true)
    expect(textOf(costs).join('\n')).toMatch(/\(UTC\): at least \$\d+.*8 rows that could not be read/s)
    expect(costsJson(costs, 'pod')).toMatchObject({ isAtLeast: true, unread: [expect.any(String)] })
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
})
