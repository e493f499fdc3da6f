import { describe, expect, onTestFinished, test } from 'vitest'
import { costsCsvText, costsJson, costsText, readCosts } from '../../../src/cli/commands/costs'
import { createMemoryLedgerFiles } from '../../../src/node/data-folder/ledger-files'
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

const read = (simulator: Simulator, month?: string) =>
  readCosts(month, {
    files: createMemoryLedgerFiles(),
    clock: {
      now: () => ({ wallMs: NOW_MS, monotonicMs: NOW_MS, runId: 'test' }),
      schedule: () => () => {},
      defer: () => {},
    },
    provider: providers.runpod.create({
      baseUrl: `${simulator.url}/v2`,
      hosts: 'loopback-only',
      apiKey: FULL_KEY,
      version: '0.0.0',
      now: () => ({ wallMs: Date.now(), monotonicMs: performance.now(), runId: 'test' }),
      random: Math.random,
    }),
  })

describe('podkeeper costs', () => {
  test('reads the bills of the month, even if the app never recorded costs', async () => {
    const view = await read(await runpod())
    const text = costsText(view, 'pod', 100).map((line) => line.map((part) => part.text).join(''))
    expect(text[0]).toMatch(/^POD .*TOTAL$/)
    expect(text.join('\n')).toMatch(/a .*\$48\.02 +\$0\.24 +\$48\.26/)
    expect(text.join('\n')).toMatch(/2026-11 \(UTC\): \$\d+\.\d\d .*of it not billed for good yet/)
    expect(costsCsvText(view, 'day').split('\r\n')).toHaveLength(3)
    const json = costsJson(view, 'gpu') as { totalUsd: number; rows: { totalUsd: number }[] }
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
})
