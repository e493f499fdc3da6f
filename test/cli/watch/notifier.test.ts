import { expect, test } from 'vitest'
import { createWatchNotifier } from '../../../src/cli/watch/notifier'
import type { Alert } from '../../../src/core/alerts/alert'

const alert = (episode: string): Alert => ({
  key: { kind: 'auto-stop-soon', accountId: 'account', podId: 'a', episode },
  title: 'a stops in 5 min',
  body: 'Quiet.',
  isCritical: true,
  buttons: [],
})

test('a critical alert that the system rejects is printed once, however often it is retried', async () => {
  const said: string[] = []
  const tried: string[] = []
  const notifier = createWatchNotifier(
    ({ key }) => said.push(key.episode),
    async ({ key }) => {
      tried.push(key.episode)
      return 'failed'
    },
  )
  for (const episode of ['1', '1', '2', '1']) expect(await notifier.show(alert(episode))).toBe('failed')
  expect(said).toEqual(['1', '2'])
  expect(tried).toEqual(['1', '1', '2', '1'])
})
