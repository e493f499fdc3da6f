import type { Activity } from '../idle/activity'
import { formatDuration } from '../base/text/format'
import { RUNPOD_NAME } from '../pods/labs/service-name'
import type { ContainerView } from './container-view'

/** Its state in one or two words, for a table. */
export const shortContainerWords: Readonly<Record<ContainerView['kind'] | 'overdue', string>> = {
  starting: 'starting',
  overdue: 'no container',
  unknown: 'can’t tell',
  died: 'died',
  'gpus-missing': 'GPUs missing',
}

/** Something is wrong with it, so that a person has to decide. Fewer GPUs may be what somebody chose. */
export const needsHelp = (container: ContainerView): boolean =>
  container.kind === 'died' ||
  (container.kind === 'gpus-missing' && container.gpus === 0) ||
  isOverdueStart(container)

/** What says the state of a pod instead of its activity; undefined: its activity does. */
export function containerInsteadOf(
  activity: Activity,
  container: ContainerView | undefined,
): ContainerView | undefined {
  const isPartial = container?.kind === 'gpus-missing' && container.gpus > 0
  return isPartial && activity.kind !== 'unknown' ? undefined : container
}

export const isOverdueStart = (container: ContainerView): boolean =>
  container.kind === 'starting' && container.isOverdue

/** The state of a pod whose container is not simply up, in a few words. `asOfMs`: Unix ms; null: no time is given. */
export function containerWord(container: ContainerView, asOfMs: number | null): string {
  switch (container.kind) {
    case 'starting':
      if (container.isOverdue) return 'No container yet'
      return asOfMs === null
        ? 'Starting'
        : `Starting ${formatDuration(Math.max(0, asOfMs - container.sinceMs))}`
    case 'unknown':
      return 'Can’t tell whether it is up'
    case 'died':
      return 'Container died'
    case 'gpus-missing':
      return missingGpusText(container)
  }
}

/** "0 of 1 GPUs". */
export const missingGpusText = ({
  gpus,
  expected,
}: Pick<Extract<ContainerView, { kind: 'gpus-missing' }>, 'gpus' | 'expected'>): string =>
  `${gpus} of ${expected} GPUs`

/** What was observed and what can be done, in sentences. `asOfMs`: Unix ms. */
export function containerSentences(
  container: ContainerView,
  asOfMs: number,
  service: string = RUNPOD_NAME,
): string {
  const advice = containerAdvice(container, service)
  return `${containerSentence(container, asOfMs, service)}${advice === null ? '' : ` ${advice}`}`
}

function containerSentence(container: ContainerView, asOfMs: number, service: string): string {
  switch (container.kind) {
    case 'starting': {
      const forText = formatDuration(Math.max(0, asOfMs - container.sinceMs))
      return container.isOverdue
        ? `No container yet after ${forText}.`
        : `Starting for ${forText}, and ${service} already charges for it.`
    }
    case 'unknown':
      return `Can’t tell whether it is up: ${service} shows neither uptime nor ports, and its system log doesn’t say.`
    case 'died':
      return `${deathText(container.why, service)}.`
    case 'gpus-missing':
      return `It came back with ${missingGpusText(container)}.`
  }
}

/** How it is known that a container died, to begin a sentence. */
export const deathText = (why: Extract<ContainerView, { kind: 'died' }>['why'], service: string): string =>
  why === 'restarts'
    ? 'Its container ended or restarted three times within 10 min'
    : `${service} has shown neither metrics nor ports of its container for 10 min`

/** What a person can do about it; null: nothing but to wait. */
export function containerAdvice(container: ContainerView, service: string): string | null {
  switch (container.kind) {
    case 'starting':
      return container.isOverdue ? 'You’re paying for it. Check its log, or stop it.' : null
    case 'unknown':
      return `You’re paying for it. Check it on ${service}.`
    case 'died':
      return 'You’re still paying for the pod. Check its log, then restart or stop it.'
    case 'gpus-missing':
      return 'Stop it, and start it again when its machine has free GPUs, or create another pod.'
  }
}
