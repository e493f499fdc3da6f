import { COUNTDOWN_MS, type CountdownView } from '../../core/queue/schedule/countdowns'
import type { QueueView } from '../../core/queue/queue-view'
import {
  countdownBody,
  countdownTitle,
  notSkippedText,
  SKIP,
  skipLabel,
  skippedText,
  startsOfJobs,
} from '../pod-model/text/job-text'
import { jobOf } from '../state/hooks/use-queue'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useClockText, useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { KeyHint } from '../ui/labels/key-hint'

interface CountdownToastsProps {
  readonly queue: QueueView
  /** Z skips the first one, because nothing else can be undone. */
  readonly hasKey: boolean
  readonly onSkip: (countdown: CountdownView) => void
}

/** Automatic starts of jobs that can still be skipped. */
export function CountdownToasts({ queue, hasKey, onSkip }: CountdownToastsProps) {
  return (
    <ul aria-label={startsOfJobs}>
      {queue.countdowns.map((countdown, index) => (
        <CountdownToast
          key={`${countdown.podKey} ${countdown.jobId}`}
          countdown={countdown}
          jobName={jobOf(queue, countdown.jobId)?.spec.name ?? countdown.jobId}
          hasKey={hasKey && index === 0}
          onSkip={() => onSkip(countdown)}
        />
      ))}
    </ul>
  )
}

interface CountdownToastProps {
  readonly countdown: CountdownView
  readonly jobName: string
  readonly hasKey: boolean
  readonly onSkip: () => void
}

function CountdownToast({ countdown, jobName, hasKey, onSkip }: CountdownToastProps) {
  const { podKey, startsAtMs, request } = countdown
  const podName = useSnapshotStore(
    ({ podsByKey }) => podsByKey.get(podKey)?.name ?? request?.presetName ?? podKey,
  )
  const title = useClockText((nowMs) => countdownTitle(jobName, podName, countdown, nowMs))
  const share = useClockText((nowMs) =>
    Math.min(1, Math.max(0, (startsAtMs - nowMs) / COUNTDOWN_MS)).toFixed(3),
  )
  return (
    <li className="toast" data-pod={podKey}>
      <Icon name="start" size={16} />
      <div className="words">
        <p>
          <b>{title}</b>
        </p>
        <p className="toast-body">{countdownBody(countdown)}</p>
      </div>
      <Button label={skipLabel(jobName, podName)} onPress={onSkip}>
        {SKIP}
        {hasKey && <KeyHint name="Z" />}
      </Button>
      <span className="countdown" style={{ width: `${Number(share) * 100}%` }} aria-hidden="true" />
    </li>
  )
}

/** Skips an automatic start. Failures are shown as toasts. */
export function useSkipStart(): (countdown: CountdownView) => void {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  return ({ podKey, request }) =>
    runOnce(async () => {
      const name = snapshotStore.store.getState().podsByKey.get(podKey)?.name ?? request?.presetName ?? podKey
      if (await snapshotStore.tryRequest(notSkippedText, bridge.skipStart(podKey)))
        snapshotStore.showToast('ok', skippedText(name))
    })
}
