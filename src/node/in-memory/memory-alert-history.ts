import type { AlertHistory, AlertHistoryStore } from '../../core/alerts/alert-history'

/** Marks for the demo, whose pods do not outlive it. */
export function createMemoryAlertHistory(): AlertHistoryStore {
  let history: AlertHistory = {}
  return {
    load: () => history,
    save: (next) => {
      history = next
    },
  }
}
