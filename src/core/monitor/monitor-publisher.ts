import type { AccountAlerts } from '../alerts/account-alerts'
import type { EndpointPoller } from '../endpoints/endpoint-poller'
import type { WritePermission } from '../intents/write-permission'
import type { AccountPollers } from '../money/account-pollers'
import type { PodRecognition } from '../unrecognized-pods/pod-recognition'
import type { Snapshot } from '../view/snapshot'
import { createSnapshotPublisher, type SnapshotPublisher } from '../view/snapshot-publisher'
import { type SnapshotSources, toSnapshot } from '../view/to-snapshot'
import type { MonitorCreation } from './monitor-creation'
import type { MonitorOptions } from './monitor-types'

interface PublishedParts extends Pick<
  SnapshotSources,
  'fleet' | 'shared' | 'intentRunner' | 'containers' | 'guard' | 'money'
> {
  readonly permission: () => WritePermission
  readonly connection: () => Snapshot['connection']
  readonly pollers: Pick<AccountPollers, 'viewParts'>
  readonly creation: Pick<MonitorCreation, 'views' | 'changes'>
  readonly endpoints: Pick<EndpointPoller, 'view'>
  readonly alerts: Pick<AccountAlerts, 'outsideStopOf'>
  readonly recognition: Pick<PodRecognition, 'viewOf'>
}

/** Publishes what windows, tray and command line show of the account. */
export function createMonitorPublisher(
  { account, provider, clock, notices, report, alertsPausedUntilMs }: MonitorOptions,
  { permission, connection, pollers, creation, endpoints, alerts, recognition, ...parts }: PublishedParts,
): SnapshotPublisher {
  return createSnapshotPublisher({
    clock,
    report,
    create: (revision) =>
      toSnapshot(revision, clock.now(), {
        ...parts,
        ...pollers.viewParts(),
        accountId: account.id,
        account: { ...account, isMonitorOnly: permission().refusedSince !== null },
        connection: connection(),
        quota: provider.remainingQuota?.() ?? null,
        outsideStopOf: alerts.outsideStopOf,
        unrecognizedOf: recognition.viewOf,
        alertsPausedUntilMs: alertsPausedUntilMs(),
        creates: creation.views(),
        changes: creation.changes,
        endpointsOf: endpoints.view,
        notices,
      }),
  })
}
