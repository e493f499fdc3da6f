import { createLedger } from '../../src/core/money/ledger/ledger'
import type { LedgerFiles } from '../../src/core/money/ledger/ledger-files'
import { podBillingState, podSubjectId } from '../../src/core/money/ledger/billing-state'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/base/time/time'
import { createMemoryLedgerFiles } from '../../src/node/data-folder/records/ledger-files'
import { pod } from '../../test/harness/samples/pods'
import { figuresOf, type Measurement } from '../measurement'

const PODS = 300
/** As often as costs are saved at least, and bills are read. */
const SAVE_MS = 10 * MINUTE_MS
const BILLS_MS = HOUR_MS
const MONTH_MS = Date.UTC(2026, 9, 1)
const MAX_MB = 150

/** What the costs of an account with many pods write on the last day of a month in which all of them ran. */
export function measureCostsWritten(): Promise<readonly Measurement[]> {
  const files = createMemoryLedgerFiles()
  let bytes = 0
  const counted: LedgerFiles = {
    ...files,
    write(name, text) {
      bytes += Buffer.byteLength(text)
      return files.write(name, text)
    },
  }
  const ledger = createLedger(counted)
  const pods = Array.from({ length: PODS }, (_, index) => pod({ id: `pod${index}`, name: `train-${index}` }))
  const lastDayMs = MONTH_MS + 30 * DAY_MS
  const poll = (atMs: number): void =>
    ledger.observe({
      what: 'pods',
      atMs,
      subjects: pods.map((one) => ({
        key: podSubjectId(one),
        name: one.name,
        hardware: '1 × A100',
        billingState: podBillingState(one),
        isIdle: false,
        isUsed: true,
      })),
      isComplete: true,
      possiblyPresent: new Set(),
    })
  const readBills = (atMs: number, fromMs: number): void => {
    const starts = Array.from({ length: (atMs - fromMs) / HOUR_MS }, (_, hour) => fromMs + hour * HOUR_MS)
    const rows = pods.flatMap(({ id }) =>
      starts.map((startMs) => ({
        subjectId: id,
        startMs,
        endMs: startMs + HOUR_MS,
        totalUsd: 2.31,
        diskUsd: 0.02,
      })),
    )
    ledger.applyBill({ kind: 'pods', requestedAtMs: atMs, fromMs, toMs: atMs, rows })
  }
  for (let atMs = MONTH_MS; atMs < lastDayMs; atMs += HOUR_MS) poll(atMs)
  readBills(lastDayMs, MONTH_MS)
  ledger.save()
  bytes = 0
  const startMs = process.cpuUsage()
  for (let atMs = lastDayMs + SAVE_MS; atMs <= lastDayMs + DAY_MS; atMs += SAVE_MS) {
    poll(atMs)
    if ((atMs - lastDayMs) % BILLS_MS === 0) readBills(atMs, atMs - 6 * HOUR_MS)
    ledger.save()
  }
  const { user } = process.cpuUsage(startMs)
  const figure = figuresOf('server')
  return Promise.resolve([
    figure(`${PODS} pods: costs written in a day`, 'MB', bytes / 1_000_000, {
      goal: { kind: 'value', atMost: MAX_MB },
    }),
    figure(`${PODS} pods: processor time of costs in a day`, 's', user / 1_000_000),
  ])
}
