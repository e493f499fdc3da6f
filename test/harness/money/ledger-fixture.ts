import type { BillRow } from '../../../src/core/pods/provider'
import { type LedgerFiles, monthsOfParts, partsOfMonth } from '../../../src/core/money/ledger/ledger-files'
import { ok } from '../../../src/core/base/result'
import { HOUR_MS } from '../../../src/core/base/time/time'
import { createLedger, type Ledger } from '../../../src/core/money/ledger/ledger'
import type { ObservedSubject } from '../../../src/core/money/ledger/ledger-observation'
import { monthOf } from '../../../src/core/money/ledger/months'
import { podBillingState, podSubjectId } from '../../../src/core/money/ledger/billing-state'
import {
  type CostTotal,
  type HourRange,
  sumTotals,
  totalsBySubject,
  wholeMonth,
} from '../../../src/core/money/ledger/cost-totals'
import type { Pod } from '../../../src/core/pods/pod'

/** 2026-11-10 00:00 UTC. */
export const MONTH_START_MS = Date.UTC(2026, 10, 10)

export interface MemoryFiles extends LedgerFiles {
  readonly texts: Map<string, string>
  /** Copies of files that were counted at a wrong time. */
  readonly copies: { readonly name: string; readonly text: string }[]
}

export function memoryFiles(texts = new Map<string, string>()): MemoryFiles {
  const copies: { name: string; text: string }[] = []
  return {
    texts,
    copies,
    months: () => monthsOfParts([...texts.keys()]),
    parts: (month) => partsOfMonth([...texts.keys()], month),
    listProblem: () => null,
    read: (name) => ({ text: texts.get(name) ?? null, problem: null }),
    write(name, text) {
      texts.set(name, text)
      return ok(undefined)
    },
    remove: (name) => void texts.delete(name),
    keepCopy(name) {
      copies.push({ name, text: texts.get(name) ?? '' })
      return ok(`${name}.future`)
    },
    setAside(name) {
      texts.delete(name)
      return `${name}.damaged`
    },
  }
}

export function seenOf(pod: Pod, isIdle = false): ObservedSubject {
  return {
    key: podSubjectId(pod),
    name: pod.name,
    hardware: '1 × A100',
    billingState: podBillingState(pod),
    isIdle,
    isUsed: pod.phase !== 'stopped',
  }
}

/** Observes all pods; missing ones are gone. */
export function recordPoll(ledger: Ledger, atMs: number, pods: readonly Pod[], isIdle = false): void {
  ledger.observe({
    what: 'pods',
    atMs,
    subjects: pods.map((pod) => seenOf(pod, isIdle)),
    isComplete: true,
    possiblyPresent: new Set(),
  })
}

/** Observes every `everyMs` from `fromMs` to `toMs`, both included. */
export function recordPolls(
  ledger: Ledger,
  fromMs: number,
  toMs: number,
  pods: readonly Pod[],
  everyMs = 60_000,
): void {
  for (let atMs = fromMs; atMs < toMs; atMs += everyMs) recordPoll(ledger, atMs, pods)
  recordPoll(ledger, toMs, pods)
}

export const openLedger = (files: LedgerFiles = memoryFiles()): Ledger => createLedger(files)

export const spentInMonth = (
  ledger: Ledger,
  atMs = MONTH_START_MS,
  hours: HourRange = wholeMonth,
): CostTotal => sumTotals(totalsBySubject(ledger.book(monthOf(atMs)), hours))

export function billRow(subjectId: string | null, startMs: number, totalUsd: number, diskUsd = 0): BillRow {
  return { subjectId, startMs, endMs: startMs + HOUR_MS, totalUsd, diskUsd }
}

/** Reads the pod bills twice, a quarter of an hour apart. */
export function applyBillTwice(
  ledger: Ledger,
  askedAtMs: number,
  fromMs: number,
  toMs: number,
  rows: readonly BillRow[],
): void {
  for (const atMs of [askedAtMs, askedAtMs + HOUR_MS / 4])
    ledger.applyBill({ kind: 'pods', requestedAtMs: atMs, fromMs, toMs, rows })
}
