import { type AlertMark, type AlertMarks, nameOfAlert } from '../../src/core/alerts/alert-history'
import type { AlertRules } from '../../src/core/alerts/alert-plan'
import type { AlertKey, Announcement } from '../../src/core/alerts/alert'

/** That pod-1 is in error, unless told otherwise. */
export function announcement(key: Partial<AlertKey> = {}, over: Partial<Announcement> = {}): Announcement {
  const whole = { kind: 'pod-error', accountId: 'account-1', podId: 'pod-1', episode: '1', ...key } as const
  return {
    key: whole,
    podName: whole.podId,
    title: `${whole.podId} ${whole.kind} ${whole.episode}`,
    body: 'So it is.',
    tone: 'bad',
    isCritical: false,
    buttons: [],
    ...over,
  }
}

export const openRules: AlertRules = {
  isOn: () => true,
  arePaused: false,
  isQuietTime: false,
  onceInMs: () => 0,
}

export const marksOf = (...marks: readonly AlertMark[]): AlertMarks =>
  Object.fromEntries(marks.map((mark) => [nameOfAlert(mark), mark]))
