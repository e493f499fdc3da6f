import { expect, test } from 'vitest'
import { type Alert, namedNotifier } from '../../../src/core/alerts/alert'
import { pendingAlert } from '../../harness/samples/pending-alerts'

function fixture() {
  const shown: Alert[] = []
  const names: { label: string | null } = { label: null }
  const notifier = namedNotifier(
    {
      show: async (alert) => {
        shown.push(alert)
        return 'failed'
      },
    },
    () => names.label,
  )
  return { notifier, shown, names }
}

test('an alert begins with its account where there are several, by the name that it has now', async () => {
  const { notifier, shown, names } = fixture()
  const alert = pendingAlert()
  await notifier.show(alert)
  names.label = 'Acme'
  await notifier.show(alert)
  names.label = 'Lab'
  await notifier.show(alert)
  expect(shown.map(({ title }) => title)).toEqual([
    alert.title,
    `Acme: ${alert.title}`,
    `Lab: ${alert.title}`,
  ])
  for (const each of shown) expect({ ...each, title: alert.title }).toEqual(alert)
})

test('whether an alert was delivered is passed on', async () => {
  const { notifier } = fixture()
  expect(await notifier.show(pendingAlert())).toBe('failed')
})
