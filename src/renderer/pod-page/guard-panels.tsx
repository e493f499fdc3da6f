import { formatMoment } from '../../core/base/text/format'
import { partOf, type PodView } from '../../core/view/snapshot'
import type { Settings } from '../../core/settings/settings'
import { AutoStopSwitch } from '../pods/actions/auto-stop-switch'
import { LookInsideLine, NextStep } from '../pods/card/next-step'
import { useWarningLeadsMs } from '../pods/card/warning-leads'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { guardSteps, guardTitle, nextStop } from './guard-steps'
import { ruleLines } from './rule-lines'
import { guardPanelText } from './pod-page-text'

interface GuardPanelProps {
  readonly pod: PodView
  readonly isStale: boolean
  /** Unix ms. */
  readonly nowMs: number
}

/** What the guard does next and when, or what holds it. */
export function GuardPanel({ pod, isStale, nowMs }: GuardPanelProps) {
  const isDryRun = useSnapshotStore(
    ({ snapshot }) => snapshot !== null && (partOf(snapshot, pod.accountId) ?? snapshot).guard.isDryRun,
  )
  const leadsMs = useWarningLeadsMs()
  // What is not observed is not stopped, so that no time is shown.
  const steps = isStale ? [] : guardSteps(pod, leadsMs, isDryRun, nowMs)
  const { autoStop, keepOn } = pod.guard
  const isPlain = steps.length === 0 && keepOn === null && autoStop.kind !== 'blocked'
  const unjudgedBecause = isStale ? null : whyUnjudged(pod)
  return (
    <section className="panel" aria-label={guardPanelText.guard}>
      <header>
        <h2>{guardTitle(isStale ? null : nextStop(pod.guard), isDryRun, nowMs)}</h2>
      </header>
      {steps.length > 0 && (
        <ol className="steps">
          {steps.map(({ atMs, text, state }) => (
            <li key={`${atMs} ${text}`} className={state}>
              <time dateTime={new Date(atMs).toISOString()}>{formatMoment(atMs, { nowMs })}</time>
              <span>{text}</span>
            </li>
          ))}
        </ol>
      )}
      {!isPlain ? (
        <NextStep pod={pod} isStale={isStale} />
      ) : unjudgedBecause !== null ? (
        <LookInsideLine pod={pod}>{guardPanelText.noAutoStop(unjudgedBecause)}</LookInsideLine>
      ) : (
        <p className="cap">
          {isStale
            ? guardPanelText.notObserved
            : autoStop.kind === 'off'
              ? guardPanelText.noRule
              : guardPanelText.nothingPlanned}
        </p>
      )}
    </section>
  )
}

/** What keeps a pod that can't be judged from being stopped automatically, as a clause. */
function whyUnjudged({ activity, guard: { autoStop } }: PodView): string | null {
  const held = autoStop.kind === 'watching' ? autoStop.held : undefined
  return activity.kind === 'unknown' && held?.cause === 'quiet' ? held.why : null
}

interface RulesPanelProps {
  readonly pod: PodView
  readonly settings: Settings | null
}

/** The rules of the pod, each with where it is from. */
export function RulesPanel({ pod, settings }: RulesPanelProps) {
  const { snapshotStore } = useWindow()
  const nowMs = useSnapshotStore(({ snapshot }) => snapshot?.atMs ?? 0)
  const mode = useSnapshotStore(({ snapshot }) =>
    snapshot === null ? 'undecided' : (partOf(snapshot, pod.accountId) ?? snapshot).guard.autoStop,
  )
  return (
    <section className="panel" aria-label={guardPanelText.rules}>
      <header>
        <h2>{guardPanelText.rules}</h2>
        {pod.clusterId === null && (
          <span className="end">
            <Button
              kind="bare"
              label={guardPanelText.editRules(pod.name)}
              onPress={() => snapshotStore.openDialog({ kind: 'rules', podKey: pod.key })}
            >
              {guardPanelText.edit}
            </Button>
          </span>
        )}
      </header>
      <dl className="facts">
        {ruleLines(pod, mode, settings, nowMs).map(({ label, value, source, isAutoStop }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              {isAutoStop === true && <AutoStopSwitch pod={pod} />}
              {value} {source !== null && <span className="cap">{source}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
