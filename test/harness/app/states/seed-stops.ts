import { DAY_MS, HOUR_MS } from '../../../../src/core/base/time/time'
import { createLedger } from '../../../../src/core/money/ledger/ledger'
import { toNanoUsd } from '../../../../src/core/money/ledger/amounts'
import { costsFolder, openLedgerFiles } from '../../../../src/node/data-folder/records/ledger-files'

export interface SeededStop {
  readonly podId: string
  /** How long ago it stopped. */
  readonly days: number
}

interface SeedStopsOptions {
  readonly dataDir: string
  readonly accountId: string
  readonly stops: readonly SeededStop[]
  /** Unix ms. */
  readonly nowMs: number
}

/** Writes the costs of an account as an earlier run would have that saw these pods run, and stop. */
export function seedStops({ dataDir, accountId, stops, nowMs }: SeedStopsOptions): void {
  const ledger = createLedger(openLedgerFiles(costsFolder(dataDir, accountId), () => true))
  const stopAtMs = ({ days }: SeededStop): number => nowMs - days * DAY_MS
  const times = [...new Set(stops.flatMap((stop) => [stopAtMs(stop) - HOUR_MS, stopAtMs(stop)]))]
  for (const atMs of times.sort((a, b) => a - b))
    ledger.observe({
      what: 'pods',
      atMs,
      isComplete: true,
      possiblyPresent: new Set(),
      subjects: stops.map((stop) => {
        const isOff = atMs >= stopAtMs(stop)
        return {
          key: `pod/${stop.podId}`,
          name: stop.podId,
          hardware: null,
          billingState: {
            kind: isOff ? 'off' : 'on',
            computeRate: isOff ? null : toNanoUsd(0.69),
            onDiskRate: 0,
            offRate: 0,
            startedAtMs: null,
            createdAtMs: null,
          },
          isIdle: false,
          isUsed: !isOff,
        }
      }),
    })
  const problems = ledger.save()
  if (problems.length > 0) throw new Error(problems.join(' '))
}
