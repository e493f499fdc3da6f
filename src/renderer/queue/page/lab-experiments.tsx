import '../../ui/styles/data-table.css'
import '../jobs/jobs-table.css'
import { formatNumber } from '../../../core/base/text/format'
import type { ExperimentView } from '../../../core/queue/queue-view'
import { partOf } from '../../../core/view/snapshot'
import { useSingleFlight } from '../../state/hooks/use-single-flight'
import { useSnapshotStore, useWindow } from '../../state/window-context'
import { Button } from '../../ui/button'
import { JobsSection } from '../jobs/jobs-section'
import { DEPLOY, experimentAge, labelFor, labels, priorityLabels, toastText } from '../queue-page-text'

const MAX_SHOWN = 20

/** What waits in the labs' own queues, read-only: only Hubify's web app deploys it, where an idle pod fits. */
export function LabExperiments({ experiments }: { readonly experiments: readonly ExperimentView[] }) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const snapshot = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot)
  const open = ({ accountId }: ExperimentView) =>
    runOnce(() => snapshotStore.runRequest(toastText.noLab, bridge.openWebApp(accountId)))
  return (
    <JobsSection id="queue-experiments" title={labels.experiments} note={formatNumber(experiments.length)}>
      <table className="data-table jobs-table">
        <thead>
          <tr>
            <td className="grip-cell" />
            <th scope="col">{labels.job}</th>
            <th scope="col">{labels.needs}</th>
            <th scope="col" className="wide">
              {labels.lab}
            </th>
            <th scope="col" className="wide">
              {labels.queued}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {experiments.slice(0, MAX_SHOWN).map((experiment) => {
            const { id, accountId, title, computeMode, priority } = experiment
            const lab = snapshot === null ? undefined : partOf(snapshot, accountId)?.entry.name
            return (
              <tr key={`${accountId} ${id}`}>
                <td className="grip-cell" />
                <th scope="row">
                  <bdi title={title}>{title}</bdi>
                  {priority !== 'normal' && <span className="pill">{priorityLabels[priority]}</span>}
                </th>
                <td className="dim">
                  <bdi>{computeMode}</bdi>
                </td>
                <td className="dim wide">
                  <bdi>{lab}</bdi>
                </td>
                <td className="dim wide">{experimentAge(experiment, snapshot?.atMs ?? 0)}</td>
                <td className="actions-cell">
                  {experiment.fitsIdlePod && (
                    <Button icon="window" label={labelFor.openLab(title)} onPress={() => open(experiment)}>
                      {DEPLOY}
                    </Button>
                  )}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </JobsSection>
  )
}
