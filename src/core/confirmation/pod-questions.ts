import { HOUR_MS } from '../base/time/time'
import type { PlannedStart } from '../pod-rules/planned-start'
import { shortName } from '../pods/pod-name'
import { formatDuration, formatMoment, formatUsdPerHour } from '../base/text/format'
import type { Pod } from '../pods/pod'
import { engineText } from '../pods/pod-engine'
import { dataImpact } from '../pods/data-impact'
import { impactSentence } from '../pods/data-impact-text'
import type { ConfirmationLine } from './confirmation'
import type { Question } from './question-queue'

/* Questions before a pod's data can be lost by a stop. See docs/product-rules.md#43-stop. */

const plain = (text: string): ConfirmationLine => ({ tone: 'plain', text })
const bad = (text: string): ConfirmationLine => ({ tone: 'bad', text })

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
