import { formatRemaining } from '../../core/base/text/format'
import { actionText } from '../../core/intents/action-text'
import { impactSentence } from '../../core/pods/data-impact-text'
import { intentText, undoLeftMs } from '../pod-model/text/intent-text'
import { wouldLoseData } from '../../core/view/stops/stop-plan'
import { savingSentence } from '../../core/view/stops/stop-plan-text'
import type { ActingPod, ActionToast } from './undo-toasts'

/** "mcmc-planck", "3 pods". */
const subjectOf = ({ acting }: ActionToast): string =>
  acting.length === 1 ? acting[0].pod.name : `${acting.length} pods`

/** "Stopping mcmc-planck in 4 s". `nowMs`: Unix ms. */
export function toastTitle(toast: ActionToast, nowMs: number): string {
  const { intent } = toast.acting[0]
  const { noun, doing, past } = actionText[intent.action]
  switch (toast.kind) {
    case 'undoable':
      return `${doing} ${subjectOf(toast)} in ${formatRemaining(undoLeftMs(intent, nowMs))}`
    case 'slow':
      return `${doing} ${subjectOf(toast)}`
    case 'done':
      if (intent.phase === 'cancelled')
        return `${noun} ${intent.message === null ? 'undone' : 'canceled'}: ${subjectOf(toast)}`
      return `${subjectOf(toast)} ${past}`
  }
}

/** What stays and what is lost, or what is known of an action without an answer. `nowMs`: Unix ms. */
export function toastBody(toast: ActionToast, nowMs: number): string {
  const [first] = toast.acting
  const saved = savedText(toast)
  if (toast.kind === 'slow')
    return toast.acting.length === 1 ? intentText(first.intent, nowMs) : 'No answer yet. Checking.'
  if (toast.kind === 'done') return toast.acting.length === 1 ? (first.intent.message ?? saved) : saved
  const impact = toast.acting.length === 1 ? impactText(first) : impactOfSeveral(toast.acting)
  return saved === '' ? impact : `${saved} ${impact}`
}

/** "Saves $4.65/hr." of a stop; empty of one that was undone. */
const savedText = ({ acting }: ActionToast): string =>
  acting[0].intent.phase === 'cancelled' || acting[0].intent.action !== 'stop'
    ? ''
    : savingSentence(acting.map(({ intent }) => intent.saving))

function impactText({ pod, intent }: ActingPod): string {
  const impact = impactSentence(pod.stopImpact)
  if (intent.action === 'restart') return `Running work will be interrupted. ${impact}`
  return pod.gpuCount > 0 ? `${impact} You may not get this GPU back.` : impact
}

function impactOfSeveral(acting: readonly ActingPod[]): string {
  const names = acting.map(({ pod }) => pod.name).join(', ')
  const losing = acting.filter(({ pod }) => wouldLoseData(pod)).length
  return `${names}.${losing > 0 ? ` All data on ${losing} of them will be lost.` : ' Their volumes are kept.'}`
}

/** The name of the button; its visible word is "Undo" for several, too. */
export function undoLabel(toast: ActionToast): string {
  return `Undo: ${toast.acting[0].intent.action} ${subjectOf(toast)}`
}

/** Share of the time to undo that is left, 0–1. `nowMs`: Unix ms. */
export function undoShare({ acting: [{ intent }] }: ActionToast, nowMs: number): number {
  const totalMs = (intent.undoUntilMs ?? 0) - intent.atMs
  return totalMs <= 0 ? 0 : undoLeftMs(intent, nowMs) / totalMs
}

export const toastsText = {
  label: 'Notices',
  messages: 'Messages from this window',
  actions: 'Actions',
  undo: 'Undo',
  undoOf: (what: string) => `Undo: ${what}`,
  couldNotLoadCreates: 'Couldn’t load messages about new pods',
} as const
