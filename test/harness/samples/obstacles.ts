import type { ObstacleView } from '../../../src/core/obstacles/obstacle'
import { START_MS } from '../base/fake-clock'

/** Notifications that can't be shown, unless `over` says otherwise. */
export const obstacle = (over: Partial<ObstacleView> = {}): ObstacleView => ({
  accountId: 'a',
  code: 'notifications',
  severity: 'warning',
  why: 'the system rejected the last notification',
  podId: null,
  podName: null,
  sinceMs: START_MS,
  title: 'Notifications can’t be shown',
  help: 'Check the system’s notification settings, or add a phone or chat channel.',
  ...over,
})
