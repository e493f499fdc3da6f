import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { openWindow } from '../harness/browser/open-window'
import { openScene } from '../harness/browser/scene'

/* What the demo opens on, from the wasted money to the switch. */

const TURN_ON = 'Turn on auto-stop for this account?'

test('the demo opens on an idle pod: its stop can be undone, and the switch then does it automatically', async () => {
  const scene = await openScene({ isConnected: false })
  await scene.bridge.request('startDemo')
  await scene.advance(5_000)
  const window = await openWindow(scene)
  const moment = window.getByRole('region', { name: 'Tour' })
  const stop = moment.getByRole('button', { name: 'Stop mcmc-planck' })
  await expect.element(moment).toHaveTextContent(/has been idle for 4[23] min.*\$2\.\d\d wasted/)
  await stop.click()
  await expect.element(moment).toHaveTextContent('Saves $3.96/hr')
  const current = () =>
    moment.getByRole('list', { name: 'Steps' }).element().querySelector('[aria-current]')?.textContent
  expect(current()).toBe('Undo')
  // The keyboard goes on where it was.
  await userEvent.keyboard('{Tab}')
  await expect.element(moment.getByRole('button', { name: 'Undo stop' })).toHaveFocus()
  await userEvent.keyboard('{Enter}')
  await expect.element(moment).toHaveTextContent(/mcmc-planck keeps running.*Do this automatically\?/)
  expect(current()).toBe('Make it automatic')

  await stop.click()
  await scene.advance(60_000)
  await expect
    .element(moment)
    .toHaveTextContent(/mcmc-planck is stopped.*Saves \$3\.96\/hr.*Do this automatically\?/)
  expect(await window.axeFaults('all')).toEqual([])
  // The steps outlast a change of page.
  await window.getByRole('button', { name: 'Queue' }).first().click()
  await expect.element(moment).not.toBeInTheDocument()
  await window.getByRole('button', { name: 'Pods' }).first().click()
  await expect.element(moment).toHaveTextContent('Saves $3.96/hr')
  await moment.getByRole('switch', { name: 'Auto-stop mcmc-planck', exact: true }).click()
  await scene.bridge.answerQuestion(TURN_ON, 'Turn on auto-stop')
  await expect.element(moment).toHaveTextContent('mcmc-planck is stopped')
  await moment.getByRole('button', { name: 'Start mcmc-planck' }).click()
  await scene.advance(60_000)
  expect(current()).toBe('Let it stop')
  expect(await window.axeFaults('all')).toEqual([])
  await moment.getByRole('button', { name: 'Let time pass' }).click()
  await expect.element(moment).toHaveTextContent('A minute now takes a second.')
  await moment.getByRole('button', { name: 'Skip' }).click()
  await expect.element(moment).not.toBeInTheDocument()
  await window.getByRole('button', { name: 'Take the tour' }).click()
  await expect.element(moment).toBeVisible()
})
