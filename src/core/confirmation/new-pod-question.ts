import { formatDuration, formatUsd, formatUsdPerHour } from '../base/text/format'
import { plainText } from '../base/text/plain-text'
import { HOUR_MS, MINUTE_MS } from '../base/time/time'
import type { KeepOnChoice } from '../pod-rules/pod-rules'
import { describeStopTime, NO_STOP_TIME } from '../pod-rules/stop-time'
import type { CreatePlan } from '../creation/create-plan'
import { storageSentences } from '../creation/form/form-storage'
import type { PodTemplate } from '../pods/catalog'
import { shortName } from '../pods/pod-name'
import type { CloudPodSpec } from '../pods/pod-request'
import { bad, type ConfirmationLine, plain } from './confirmation'
import { accountLine } from './pod-questions'
import type { Question } from './question-queue'

export interface NewPodQuestionOptions {
  readonly plan: CreatePlan
  readonly template: PodTemplate | null
  /** What else a person should know, as sentences. */
  readonly warnings: readonly string[]
  /** Null where there is only one account. */
  readonly accountName: string | null
  /** The pod that it is to replace; null: none. */
  readonly replacedName?: string | null
  /** A key is created for it alone. */
  readonly hasOwnKey?: boolean
}

/**
 * Asked before a pod is created, since it costs money: everything that decides what it costs, runs and may lose. Of its
 * environment only the names are shown. See docs/product-rules.md#113-the-create-intent.
 */
export function newPodQuestion(options: NewPodQuestionOptions): Question {
  const { plan, template, warnings, accountName, replacedName = null } = options
  const lines = [
    ...accountLine(accountName),
    ...choiceLines(plan),
    ...costLines(plan),
    ...plan.candidates
      .slice(0, 1)
      .flatMap(({ pod }) => (pod.kind === 'cloud' ? podLines(pod, template) : [])),
    ...(plan.variables.length === 0
      ? []
      : [plain(`Variables: ${plan.variables.map(({ name }) => name).join(', ')}`)]),
    ...ruleLines(plan),
    ...permissionLines(plan),
    ...(options.hasOwnKey === true ? [plain(OWN_KEY_TEXT)] : []),
    ...(replacedName === null ? [] : replacementLines(plan, shortName(replacedName))),
    ...warnings.map((warning) => plain(plainText(warning))),
  ]
  return {
    text: {
      title: `Create ${plan.name}?`,
      lines,
      warning: null,
      field: null,
      confirmLabel: 'Create pod',
      isHarmful: true,
      isDestructive: false,
    },
  }
}

function choiceLines({ candidates }: CreatePlan): readonly ConfirmationLine[] {
  return candidates.map(({ label, perHourUsd }, index) =>
    plain(
      `${index === 0 ? '' : 'Otherwise '}${plainText(label)}, ${perHourUsd === null ? 'price unknown' : formatUsdPerHour(perHourUsd)}`,
    ),
  )
}

function costLines({
  candidates,
  maxPerHourUsd,
  rules,
  waitsForMs,
}: CreatePlan): readonly ConfirmationLine[] {
  const isKnown = maxPerHourUsd !== null && candidates.every(({ perHourUsd }) => perHourUsd !== null)
  const { maxHours } = rules
  return [
    bad(
      isKnown
        ? `It costs up to ${formatUsdPerHour(maxPerHourUsd)}.`
        : 'It costs money, and its price is not known.',
    ),
    maxHours === undefined
      ? bad('It has no maximum hours, so it costs money until it is stopped.')
      : plain(
          `By its maximum hours (${formatDuration(maxHours * HOUR_MS)})${isKnown ? `, it costs up to ${formatUsd(maxPerHourUsd * maxHours)}` : ' it is due to be stopped'}.`,
        ),
    ...(waitsForMs === null
      ? []
      : [
          bad(
            `If none is free, Podkeeper keeps trying for ${formatDuration(waitsForMs)} and creates the pod even while you’re away.`,
          ),
        ]),
  ]
}

function podLines(pod: CloudPodSpec, template: PodTemplate | null): readonly ConfirmationLine[] {
  const image = pod.image ?? template?.image ?? ''
  const ports = pod.ports ?? template?.ports ?? []
  const source = template === null ? '' : ` (template ${plainText(template.name)})`
  const places = pod.dataCenterIds.length === 0 ? [] : [plain(`Only in ${pod.dataCenterIds.join(', ')}`)]
  return [
    plain(`Image: ${plainText(image)}${source}`),
    ...(pod.args === null || pod.args === '' ? [] : [plain(`Arguments: ${plainText(pod.args)}`)]),
    ...(ports.length === 0 ? [] : [plain(`Ports: ${ports.join(', ')}`)]),
    ...places,
    plain(plainText(storageSentences(pod.storage, template)[0])),
  ]
}

const keptText: Readonly<Record<KeepOnChoice, string>> = {
  '1-hour': 'Nothing stops it automatically for its first hour.',
  '4-hours': 'Nothing stops it automatically for its first 4 h.',
  morning: 'Nothing stops it automatically until tomorrow morning.',
  'until-told': 'Nothing stops it automatically until you cancel.',
}

function ruleLines({ rules }: CreatePlan): readonly ConfirmationLine[] {
  const { isAutoStopped, idleAlertAfterMin, autoStopAfterMin, monthlyBudgetUsd, atBudget, keepOn } = rules
  const { stopAt } = rules
  const budget = monthlyBudgetUsd === undefined ? '' : formatUsd(monthlyBudgetUsd)
  return [
    ...(isAutoStopped === true ? [plain('It is selected for auto-stop.')] : []),
    ...(isAutoStopped === false ? [bad('It is excluded from auto-stop.')] : []),
    ...(autoStopAfterMin === undefined
      ? []
      : [plain(`Auto-stop acts after ${formatDuration(autoStopAfterMin * MINUTE_MS)} of quiet.`)]),
    ...(stopAt === undefined
      ? []
      : stopAt === NO_STOP_TIME
        ? [bad('No time of day stops it.')]
        : [plain(`It is stopped ${describeStopTime(stopAt)} unless it is in use.`)]),
    ...(idleAlertAfterMin === undefined
      ? []
      : [plain(`You are alerted after ${formatDuration(idleAlertAfterMin * MINUTE_MS)} idle.`)]),
    ...(monthlyBudgetUsd === undefined
      ? []
      : [
          plain(
            `Monthly budget ${budget}, ${atBudget === 'stop' ? 'at which it is stopped' : 'at which you are alerted'}.`,
          ),
        ]),
    ...(keepOn === undefined ? [] : [bad(keptText[keepOn])]),
  ]
}

const OWN_KEY_TEXT =
  'SSH: a new key is created for this pod alone. Its private half stays on this computer, in ~/.ssh/podkeeper-pods.'

/** What becomes of the old pod, which is never touched. */
function replacementLines({ terminalTabs }: CreatePlan, name: string): readonly ConfirmationLine[] {
  return [
    plain(`${name} stays as it is and keeps costing money until you stop or terminate it.`),
    ...(terminalTabs === undefined
      ? []
      : [
          plain(
            `Terminal tabs of ${name} move to the new pod once it can be reached. A shell that is open on ${name} stays open.`,
          ),
        ]),
  ]
}

function permissionLines({ rules, mayExceedBudget }: CreatePlan): readonly ConfirmationLine[] {
  return [
    ...(rules.mayLoseData === true
      ? [bad('Automatic stops may stop it although all of its data is lost then.')]
      : []),
    ...(mayExceedBudget ? [bad('It is created even though a budget is used up.')] : []),
  ]
}
