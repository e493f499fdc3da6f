import { HOUR_MS } from '../base/time/time'
import type { ArmedPod, ArmedPods } from '../pod-rules/armed-pods'
import type { PlannedStart } from '../pod-rules/planned-start'
import { shortName } from '../pods/pod-name'
import { formatDuration, formatMoment, formatUsdPerHour } from '../base/text/format'
import type { Pod } from '../pods/pod'
import { engineText } from '../pods/pod-engine'
import { dataImpact } from '../pods/data-impact'
import { impactSentence } from '../pods/data-impact-text'
import { bad, type ConfirmationLine, plain } from './confirmation'
import type { Question, QuestionText } from './question-queue'

/* Questions before a pod's data can be lost by a stop. See docs/product-rules.md#43-stop. */

/** Which account a question is about, where there are several. */
export const accountLine = (name: string | null): readonly ConfirmationLine[] =>
  name === null ? [] : [plain(`In your account ${name}`)]

/** Which pod a question is about: others may have the same name. */
export const podLine = ({ id }: Pick<Pod, 'id'>, accountName: string | null): ConfirmationLine =>
  plain(accountName === null ? `Pod ${id}` : `Pod ${id} in your account ${accountName}`)

/** Whether nothing of the pod surely survives a stop, so that it is asked about first. */
export function isNothingKeptByStop(pod: Pod): boolean {
  return dataImpact(pod, 'stop').every(({ impact }) => impact !== 'kept')
}

/** `accountName`: null where there is only one. */
export function stopQuestion(pod: Pod, accountName: string | null): Question {
  const name = shortName(pod.name)
  const { costPerHourUsd, isPriceApproximate } = pod
  return {
    text: {
      title: `Stop ${name}?`,
      lines: [
        podLine(pod, accountName),
        bad(impactSentence(dataImpact(pod, 'stop'))),
        ...(pod.engine === undefined ? [] : [bad(engineText(pod.engine))]),
        plain(
          costPerHourUsd === null || costPerHourUsd === 0
            ? 'You may not get this GPU back.'
            : `Ends ${formatUsdPerHour(costPerHourUsd, isPriceApproximate)}. You may not get this GPU back.`,
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Stop pod',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

/** Before a stop is sent past the server that keeps the account. `why`: a sentence. */
export function directStopQuestion(pod: Pod, accountName: string | null, why: string): Question {
  return {
    text: {
      title: `Stop ${shortName(pod.name)} from this computer?`,
      lines: [
        podLine(pod, accountName),
        bad(why),
        ...(pod.engine === undefined ? [] : [bad(engineText(pod.engine))]),
        plain(impactSentence(dataImpact(pod, 'stop'))),
        plain('The stop is sent to the provider directly, so it isn’t in the server’s activity log.'),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Stop pod',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

export function loseDataQuestion(pod: Pod, accountName: string | null): Question {
  const name = shortName(pod.name)
  return {
    text: {
      title: `Allow automatic stops of ${name} to lose data?`,
      lines: [
        podLine(pod, accountName),
        bad(impactSentence(dataImpact(pod, 'stop'))),
        plain(
          'Auto-stop, its maximum hours and its budget can then stop it without asking again, after their warnings.',
        ),
      ],
      warning: null,
      field: null,
      confirmLabel: 'Allow losing data',
      isHarmful: true,
      isDestructive: true,
    },
  }
}

/** A start that is planned by a window, with what it may cost. `maxHours`: null where nothing stops it. */
export const plannedStartQuestion =
  ({ atMs, maxPerHourUsd }: PlannedStart, maxHours: number | null, nowMs: number) =>
  (pod: Pod, accountName: string | null): Question => {
    const until = maxHours === null ? '' : `, and is stopped after ${formatDuration(maxHours * HOUR_MS)}`
    return {
      text: {
        title: `Start ${shortName(pod.name)} at ${formatMoment(atMs, { nowMs })}?`,
        lines: [
          podLine(pod, accountName),
          plain(`It is started once, if it costs at most ${formatUsdPerHour(maxPerHourUsd)} then${until}.`),
          plain(
            'Podkeeper has to run at that time. A start that is 15 min late is dropped, and you are told.',
          ),
        ],
        warning: null,
        field: null,
        confirmLabel: 'Plan start',
        isHarmful: true,
        isDestructive: false,
      },
    }
  }

/** Pods that stand among the lines; of more, all of them stand in a list of their own. */
const MAX_LISTED = 8

/**
 * Before auto-stop is turned on for an account: docs/product-rules.md#31-rules. `accountName`: null where there is only
 * one.
 */
export function autoStopQuestion(armed: ArmedPods, accountName: string | null): Question {
  const { listed, unlistedIds, includesLaterPods } = armed
  const names = [
    ...listed.map(podText),
    ...unlistedIds.map((id) => `${id}, which isn’t listed now, if it comes back (selected earlier)`),
  ]
  const list: Partial<QuestionText> =
    names.length > MAX_LISTED ? { script: names.join('\n'), scriptLabel: 'Pods' } : {}
  return {
    text: {
      title: 'Turn on auto-stop for this account?',
      lines: [
        ...accountLine(accountName),
        plain('Podkeeper then stops these pods when they stay quiet, after two warnings:'),
        ...(names.length > MAX_LISTED ? [] : names.map(plain)),
        ...(includesLaterPods ? [plain('New pods, if a rule of this account selects them.')] : []),
        plain('If you use several computers, turn it on for only one of them.'),
      ],
      ...list,
      warning: null,
      field: null,
      confirmLabel: 'Turn on auto-stop',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

/** "mcmc-planck (k7q2), after 6 h (selected earlier)". */
function podText({ pod, afterMs, isSelectedEarlier, wouldLoseAllData }: ArmedPod): string {
  const remarks = [
    ...(isSelectedEarlier ? ['selected earlier'] : []),
    ...(wouldLoseAllData ? ['only if you also allow losing its data'] : []),
  ]
  const remark = remarks.length === 0 ? '' : ` (${remarks.join('; ')})`
  return `${shortName(pod.name)} (${pod.id}), after ${formatDuration(afterMs)}${remark}`
}
