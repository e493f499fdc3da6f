import type { BillRow } from '../../src/core/pods/provider'
import type { LedgerFiles } from '../../src/core/money/ledger/ledger-files'
import { ok } from '../../src/core/base/result'
import { HOUR_MS } from '../../src/core/base/time'
import { createLedger, type Ledger, type Seen } from '../../src/core/money/ledger/ledger'
import { monthOf } from '../../src/core/money/ledger/months'
import { standingOfPod, subjectOfPod } from '../../src/core/money/ledger/billing-state'
import { type Hours, type Sum, sumsOf, totalOf, wholeMonth } from '../../src/core/money/ledger/sums'
import type { Pod } from '../../src/core/pods/pod'

/** 2026-11-10 00:00 UTC. */
export const T0 = Date.UTC(2026, 10, 10)

export interface MemoryFiles extends LedgerFiles {
  readonly texts: Map<string, string>
}

export function memoryFiles(texts = new Map<string, string>()): MemoryFiles {
  return {
    texts,
    months: () => [...texts.keys()],
    read: (month) => ({ text: texts.get(month) ?? null, problem: null }),
    write(month, text) {
      texts.set(month, text)
      return ok(undefined)
    },
    remove: (month) => void texts.delete(month),
    setAside(month) {
      texts.delete(month)
      return `${month}.damaged`
    },
  }
}

export function seenOf(pod: Pod, isIdle = false): Seen {
  return {
    key: subjectOfPod(pod),
    name: pod.name,
    hardware: '1 × A100',
    standing: standingOfPod(pod),
    isIdle,
    isUsed: pod.phase !== 'stopped',
  }
}

/** A look at all pods; those that are missing are gone. */
export function look(ledger: Ledger, atMs: number, pods: readonly Pod[], isIdle = false): void {
  ledger.observe({
    what: 'pods',
    atMs,
    seen: pods.map((pod) => seenOf(pod, isIdle)),
    isComplete: true,
    perhapsThere: new Set(),
  })
}

/** A look every `everyMs` from `fromMs` to `toMs`, both included. */
export function lookOn(
  ledger: Ledger,
  fromMs: number,
  toMs: number,
  pods: readonly Pod[],
  everyMs = 60_000,
): void {
  for (let atMs = fromMs; atMs < toMs; atMs += everyMs) look(ledger, atMs, pods)
  look(ledger, toMs, pods)
}

export const openLedger = (files: LedgerFiles = memoryFiles(), nowMs = T0): Ledger =>
  createLedger(files, nowMs)

export const spent = (ledger: Ledger, atMs = T0, hours: Hours = wholeMonth): Sum =>
  totalOf(sumsOf(ledger.book(monthOf(atMs)), hours))

export function billRow(subjectId: string | null, startMs: number, totalUsd: number, diskUsd = 0): BillRow {
  return { subjectId, startMs, endMs: startMs + HOUR_MS, totalUsd, diskUsd }
}

/** Reads the bill of pods twice, a quarter of an hour apart. */
export function readTwice(
  ledger: Ledger,
  askedAtMs: number,
  fromMs: number,
  toMs: number,
  rows: readonly BillRow[],
): void {
  for (const atMs of [askedAtMs, askedAtMs + HOUR_MS / 4])
    ledger.takeBill({ kind: 'pods', askedAtMs: atMs, fromMs, toMs, rows })
}
