import { shortName } from '../pods/pod-name'
import { formatDuration, formatGb, formatMoment, formatUsd, formatUsdPerHour } from '../base/text/format'
import { DAY_MS } from '../base/time/time'
import { type DataImpact, dataImpact } from '../pods/data-impact'
import { type AccountId, managingServiceName, type Pod, type PodId } from '../pods/pod'
import { costOver } from '../money/burn-rate'

/*
 * What the user must see and type before a pod is destroyed. Only `confirm` creates a `Confirmed`, and the
 * monitor terminates a pod for the user only with one. See docs/product-rules.md#44-terminate.
 */

/** What is confirmed: terminating the pod now, or when its maximum hours are over. */
export type ConfirmationPurpose = 'terminate' | 'terminate-at-max-hours'

/** A pod as it was shown in the confirmation. */
export interface ShownPod {
  readonly accountId: AccountId
  readonly podId: PodId
  readonly name: string
  /** Accepted inputs: the pod's name, its id, or either. */
  readonly acceptedInputs: readonly string[]
  /**
   * Everything that the decision depends on. A different key means that the decision was about a different
   * state.
   */
  readonly stateKey: string
}

declare const isConfirmed: unique symbol
/** A pod whose termination the user confirmed by typing its name. */
export type Confirmed = ShownPod & { readonly [isConfirmed]: true }

/** `others`: the account's other pods, which may have the same name. */
export function shownPod(accountId: AccountId, pod: Pod, others: readonly Pod[]): ShownPod {
  const { id, name } = pod
  return { accountId, podId: id, name, acceptedInputs: acceptedNames(pod, others), stateKey: stateKeyOf(pod) }
}

interface Named {
  readonly id: string
  readonly name: string
}

/** What may be typed for one of several things: its name, its id where others have that name, or either. */
export function acceptedNames({ id, name }: Named, others: readonly Named[]): readonly string[] {
  const isNameAmbiguous = others.some(
    (other) => other.id !== id && comparableName(other.name) === comparableName(name),
  )
  return isNameAmbiguous ? [id] : isEasilyTyped(name) ? [name] : [name, id]
}

/** The confirmation if `typed` is accepted, otherwise null. */
export function confirm(shown: ShownPod, typed: string): Confirmed | null {
  return isAcceptedInput(shown.acceptedInputs, typed) ? (shown as Confirmed) : null
}

/** What a window answers in place of an empty text where the choice of the question was made. */
export const CHOSEN = 'chosen'

/** Whether `typed` is one of the texts, as they are. Only a space before or after it makes no difference. */
export const isAcceptedInput = (acceptedInputs: readonly string[], typed: string): boolean =>
  acceptedInputs.some((text) =>
    [typed, typed.trim()].some((each) => each.normalize('NFC') === text.normalize('NFC')),
  )

/** Whether the pod is unchanged since it was shown. */
export function isUnchangedSinceShown(shown: ShownPod, accountId: AccountId, pod: Pod): boolean {
  return (
    shown.accountId === accountId &&
    shown.podId === pod.id &&
    shown.name === pod.name &&
    shown.stateKey === stateKeyOf(pod)
  )
}

function stateKeyOf(pod: Pod): string {
  const { createdAtMs, startedAtMs, phase, containerDiskGb, persistentMount, networkMounts } = pod
  const { areMountsKnown, costPerHourUsd } = pod
  return JSON.stringify([
    [createdAtMs, startedAtMs, phase, costPerHourUsd],
    [containerDiskGb, persistentMount, networkMounts, areMountsKnown],
  ])
}

/** Characters of other scripts may look like ASCII ones, so such names cannot be typed reliably. */
const isEasilyTyped = (name: string): boolean => /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(name)

const comparableName = (name: string): string => name.normalize('NFKC').trim().toLowerCase()

/** One line of the confirmation. */
export interface ConfirmationLine {
  readonly tone: 'bad' | 'good' | 'plain'
  readonly text: string
}

export const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
export const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })
export const good = (text: string): ConfirmationLine => ({ tone: 'good', text })

/** All text of the confirmation window. */
export interface ConfirmationText {
  readonly title: string
  readonly lines: readonly ConfirmationLine[]
  /** Label of the input field. */
  readonly label: string
  readonly confirmLabel: string
}

export function confirmationText(
  purpose: ConfirmationPurpose,
  pod: Pod,
  { acceptedInputs }: ShownPod,
  nowMs: number,
): ConfirmationText {
  const { id, name } = pod
  const isNow = purpose === 'terminate'
  const when = isNow ? '' : ' at its maximum hours'
  const label =
    acceptedInputs.length > 1
      ? `Type the pod's name, or its id: ${id}`
      : acceptedInputs[0] === name
        ? "Type the pod's name"
        : `Another pod has that name. Type this one's id: ${id}`
  return {
    title: `Terminate ${name}${when}?`,
    lines: [
      ...(pod.managed === undefined
        ? impactLines(dataImpact(pod, 'terminate'))
        : managedLines(pod, isNow, nowMs)),
      ...(isNow ? [] : [scheduledTerminateLine]),
      factLine(pod, nowMs),
    ],
    label,
    confirmLabel: `Terminate ${shortName(name, 32)}${when}`,
  }
}

/** What Hubify's documents say of the volume of a terminated pod: it is deleted later than the rest. */
function managedLines(pod: Pod, isNow: boolean, nowMs: number): readonly ConfirmationLine[] {
  const size = pod.persistentMount === null ? '' : ` (${formatGb(pod.persistentMount.sizeGb)})`
  const until = isNow ? `, until ${formatMoment(nowMs + VOLUME_KEPT_MS, { nowMs })}` : ''
  return [
    bad('Destroys the container disk and everything on it'),
    {
      tone: 'bad',
      text: `${managingServiceName} keeps the volume${size} for 7 days${until}, then deletes it and everything on it`,
    },
    bad('Sync the results of experiments to the lab first'),
  ]
}

const VOLUME_KEPT_MS = 7 * DAY_MS

const scheduledTerminateLine: ConfirmationLine = {
  tone: 'bad',
  text: 'Podkeeper then terminates it without asking again if you received a warning half an hour before; otherwise it stops the pod',
}

function impactLines(impacts: readonly DataImpact[]): readonly ConfirmationLine[] {
  const lines = [...impacts]
    .sort((a, b) => storageOrder.indexOf(a.storage) - storageOrder.indexOf(b.storage))
    .map(impactLine)
  const isAnythingLeft = impacts.some(({ impact }) => impact !== 'lost')
  if (isAnythingLeft) return lines
  const hasVolume = impacts.some(({ storage }) => storage === 'volume')
  const reason = hasVolume ? 'No network volume is attached' : 'No volume is attached'
  return [...lines, bad(`${reason}: all data on this pod will be lost`)]
}

const storageOrder: readonly DataImpact['storage'][] = [
  'container-disk',
  'volume',
  'service-volume',
  'mounts',
  'network-volume',
]

function impactLine({ storage, sizeGb, path }: DataImpact): ConfirmationLine {
  const size = sizeGb === null ? '' : ` (${formatGb(sizeGb)})`
  const place = path === null ? '' : ` at ${path}`
  switch (storage) {
    case 'container-disk':
      return bad(`Destroys the container disk${size} and everything on it`)
    case 'volume':
    case 'service-volume':
      return bad(`Destroys the volume${size}${place} and everything on it`)
    case 'network-volume':
      return good(`Keeps the network volume${place}`)
    case 'mounts':
      return bad('Podkeeper couldn’t read what is mounted: all of it may be destroyed')
  }
}

/** "Ends $0.69/hr · running 9 h 3 min · $6.24 so far · made 3 d 2 h ago". */
function factLine(
  { phase, rawStatus, costPerHourUsd, isPriceApproximate, startedAtMs, createdAtMs, managed }: Pod,
  nowMs: number,
): ConfirmationLine {
  const isRunning = phase === 'running'
  const runningMs = isRunning && startedAtMs !== null ? Math.max(0, nowMs - startedAtMs) : null
  // Hubify goes on to name the price of a stopped pod.
  const isCharged = costPerHourUsd !== null && costPerHourUsd > 0 && !(managed && phase === 'stopped')
  const facts = [
    isCharged ? `Ends ${formatUsdPerHour(costPerHourUsd, isPriceApproximate)}` : null,
    runningMs === null ? (phase === 'unknown' ? rawStatus : phase) : `running ${formatDuration(runningMs)}`,
    isCharged && runningMs !== null ? `${formatUsd(costOver(costPerHourUsd, runningMs))} so far` : null,
    createdAtMs === null ? null : `created ${formatDuration(Math.max(0, nowMs - createdAtMs))} ago`,
  ]
  return plain(facts.filter((fact) => fact !== null && fact !== '').join(' · '))
}
