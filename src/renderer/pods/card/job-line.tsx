import type { PodView } from '../../../core/view/snapshot'
import { runningJobsText, waitingJobText } from '../../pod-model/text/job-text'
import { useRunningJobNames, useSuggestedJob } from '../../state/hooks/use-queue'
import { RunNextButton } from '../actions/run-next-button'
import { CardLine } from './card-line'

/** Which jobs run on a pod, or the one that an idle pod could run. */
export function JobLine({ pod }: { readonly pod: PodView }) {
  const names = useRunningJobNames(pod.key)
  const suggested = useSuggestedJob(pod.key)
  if (names !== '') return <CardLine icon="queue">{runningJobsText(names.split('\n'))}</CardLine>
  if (suggested === null) return null
  return (
    <CardLine icon="queue" action={<RunNextButton pod={pod} />}>
      {waitingJobText(suggested.spec.name)}
    </CardLine>
  )
}
