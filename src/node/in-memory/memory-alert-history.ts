import type { AlertHistory, AlertHistoryStore } from '../../core/alerts/alert-history'

/** For the demo, whose pods exist only while it runs. */
export function createMemoryAlertHistory(): AlertHistoryStore {
  let history: AlertHistory = {}
  return {
    load: () => history,
    save: (next) => {
      history = next
    },
  }
}
