import {
  type AccountChanges,
  type ChangeParts,
  type ChangeRequests,
  createAccountChanges,
} from '../changes/account-changes'
import {
  type AccountCreation,
  createAccountCreation,
  type CreationContext,
  type CreationParts,
  type CreationRequests,
} from '../creation/account-creation'

/** What creates and changes pods and volumes. */
export interface MonitorCreation extends AccountCreation {
  readonly requests: CreationRequests & ChangeRequests
  readonly changes: AccountChanges
}

export function createMonitorCreation(
  context: CreationContext,
  parts: CreationParts & ChangeParts,
): MonitorCreation {
  const changes = createAccountChanges(context, parts)
  const creation = createAccountCreation(context, parts)
  return {
    ...creation,
    changes,
    requests: { ...creation.requests, ...changes.requests },
    shutDown: async () => void (await Promise.all([creation.shutDown(), changes.shutDown()])),
    dispose() {
      creation.dispose()
      changes.dispose()
    },
  }
}
