import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FakePod, OTHER_COMPUTER, SESSION_TERMINAL, THIS_COMPUTER } from './fake-pod'
import type { PodDay } from './pod-day'

/** A Podkeeper reads the guard this often. */
const TOLD_WITHIN_S = 300

/** As Podkeeper writes them. */
export function writeHolds(pod: FakePod, day: PodDay, tS: number): void {
  // A look has read the guard by the next reading.
  for (const { toS, kind } of day.sessions)
    if (kind !== 'person' && toS <= tS && tS < toS + day.stepS) {
      pod.writeTime(`look.${THIS_COMPUTER}`, pod.upAt(toS), String(SESSION_TERMINAL))
      if (kind === 'look') pod.writeTime(`lease.${THIS_COMPUTER}`, pod.upAt(toS) + 900)
    }
  writeHeld(pod, day.held, THIS_COMPUTER, day.stepS, tS)
  if (day.other !== null) {
    writeHeld(pod, day.other.held, OTHER_COMPUTER, day.stepS, tS)
    if (day.other.deadlineS > 0 && tS < 3 * day.stepS)
      pod.writeTime(`deadline.${OTHER_COMPUTER}`, pod.upAt(tS) + (day.other.deadlineS - tS))
  }
  for (const { fromS, toS } of day.remoteUse)
    if (fromS <= tS && tS < toS + TOLD_WITHIN_S) pod.writeTime('used', pod.upAt(Math.min(tS, toS)))
  for (const { atS, untilS } of day.extensions)
    if (atS <= tS && tS - atS < 2 * day.stepS)
      pod.writeTime(`deadline.${THIS_COMPUTER}`, pod.upAt(tS) + (untilS - tS))
  for (const { atS, forS } of day.asks)
    if (atS <= tS && tS - atS < day.stepS) pod.writeTime('stop-now', pod.upAt(tS) + forS)
}

function writeHeld(pod: FakePod, held: PodDay['held'], computer: string, stepS: number, tS: number): void {
  for (const { fromS, toS, kind } of held) {
    if (!(fromS <= tS && tS < toS)) continue
    if (kind === 'lease') pod.writeTime(`lease.${computer}`, pod.upAt(tS) + 900)
    else if (tS - fromS < 2 * stepS)
      pod.writeTime(`keep.${computer}`, pod.upAt(tS) + (keptUntilS(held, tS) - tS), '60')
  }
}

/** A longer time stays. */
const keptUntilS = (held: PodDay['held'], tS: number): number =>
  held
    .filter(({ fromS, toS, kind }) => kind === 'keep' && fromS <= tS && tS < toS)
    .reduce((latest, { toS }) => Math.max(latest, toS), 0)

/** As Podkeeper writes it half a minute later. */
export function writeMeanwhile(pod: FakePod, { meanwhile }: PodDay, tS: number): void {
  const upS = pod.upAt(tS) + 30
  if (meanwhile === 'lease') pod.writeTime(`lease.${THIS_COMPUTER}`, upS + 900)
  else if (meanwhile === 'keep') pod.writeTime('keep', upS + 3_600, '3600')
  else if (meanwhile === 'deadline') pod.writeTime(`deadline.${THIS_COMPUTER}`, upS + 3_600)
  else if (meanwhile === 'report') pod.takeConsent()
  else if (meanwhile === 'garbage') writeFileSync(join(pod.folder, `lease.${THIS_COMPUTER}`), '\n')
  else if (meanwhile === 'unasked') rmSync(join(pod.folder, 'stop-now'))
}
