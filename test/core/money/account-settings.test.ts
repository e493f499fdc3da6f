import { expect, test } from 'vitest'
import { accountSettings } from '../../../src/core/money/account-settings'
import { defaultSettings } from '../../../src/core/settings/settings'

const lab = { id: 'lab-1', slug: 'lab', usesAnnouncedRoutes: false }

test.each([
  [{}, true, true],
  [{ watchesNewPods: false }, true, false],
  [{ lab }, true, false],
  [{ lab, watchesNewPods: true }, true, true],
  [{ watchesNewPods: true }, false, false],
])(
  'new pods of the account %j are alerted about if its switch and that of all (%s) are on: %s',
  (record, all, isOn) => {
    const settings = { ...defaultSettings, hasUnrecognizedPodAlerts: all }
    for (const count of [1, 2])
      expect(accountSettings(settings, record, count).hasUnrecognizedPodAlerts).toBe(isOn)
  },
)

test.each([
  [{}, true, true],
  [{ watchesEndpoints: false }, true, false],
  [{ watchesEndpoints: true }, false, false],
])(
  'idle serverless workers of the account %j are alerted about if its switch and that of all (%s) are on: %s',
  (record, all, isOn) => {
    const settings = { ...defaultSettings, hasIdleEndpointAlerts: all }
    for (const count of [1, 2])
      expect(accountSettings(settings, record, count).hasIdleEndpointAlerts).toBe(isOn)
  },
)
