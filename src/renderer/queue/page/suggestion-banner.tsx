import { episodeName } from '../../../core/idle/activity'
import type { Proposal } from '../../../core/queue/schedule/schedule'
import type { PodView } from '../../../core/view/snapshot'
import { jobOf, useQueue } from '../../state/hooks/use-queue'
import { useSnapshotStore } from '../../state/window-context'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icon'
import { labels, suggestionText } from '../queue-page-text'
import type { JobActions } from '../jobs/use-job-actions'

/** Idle episodes for which a person said "not now", as long as the window lives. */
const dismissed = new Set<string>()

const episodeOf = ({ key, activity }: PodView): string =>
  `${key} ${activity.kind === 'idle' ? episodeName(activity) : ''}`

interface SuggestionBannerProps {
  readonly actions: JobActions
  /** Called to be drawn again. */
  readonly onDismiss: () => void
}

/** The idle pod that costs most, and the job that it could run. At most one, and once for an episode. */
export function SuggestionBanner({ actions, onDismiss }: SuggestionBannerProps) {
  const queue = useQueue()
  const podsByKey = useSnapshotStore((state) => state.podsByKey)
  const countdowns = new Set(queue?.countdowns.map(({ podKey }) => podKey))
  const found = (queue?.suggestions ?? []).flatMap(({ podKey, jobId }: Proposal) => {
    const pod = podsByKey.get(podKey)
    const job = jobOf(queue, jobId)
    const isShown = pod !== undefined && job !== undefined && !countdowns.has(podKey)
    return isShown && !dismissed.has(episodeOf(pod)) ? [{ pod, job }] : []
  })[0]
  if (found === undefined) return null
  const { pod, job } = found
  const { fact, offer } = suggestionText(pod, job)
  return (
    <div className="job-suggestion" role="group" aria-label={fact}>
      <Icon name="moon" size={14} />
      <p>
        <b>{fact}</b> {offer}
      </p>
      <Button kind="primary" onPress={() => actions.run(job, pod.key)}>
        {labels.runThere}
      </Button>
      <Button
        kind="bare"
        onPress={() => {
          dismissed.add(episodeOf(pod))
          onDismiss()
        }}
      >
        {labels.notNow}
      </Button>
    </div>
  )
}
