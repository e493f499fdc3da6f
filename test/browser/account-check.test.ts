import { expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { expectGoodLook } from '../harness/browser/expect-look'
import { openWindow } from '../harness/browser/open-window'
import { openScene } from '../harness/browser/scene'
import { showPage } from '../harness/browser/volumes-scene'

test('Check this account shows each answer, measures until it is stopped, and changes nothing', async () => {
  const scene = await openScene({
    pods: [{ id: 'p', name: 'llama', mode: 'training' }],
    sshKeys: ['ssh-ed25519 AAAA'],
  })
  const window = await openWindow(scene)
  await showPage(window, 'Settings')
  await window.getByRole('button', { name: 'Accounts & keys' }).click()
  const before = (await scene.runpod.requests()).length
  await window.getByRole('button', { name: /^Check this account/ }).click()
  const dialog = window.getByRole('dialog', { name: /^Check / })
  const answer = (question: string) =>
    dialog.getByRole('listitem').filter({ has: page.getByText(question, { exact: true }) })
  await expect.element(answer('API key')).toHaveTextContent('Runpod accepts the key.')
  await expect.element(answer('Pods')).toHaveTextContent('1 pod, 1 running.')
  // Time stands still in a scene, and not in the headers of the simulator.
  await expect.element(answer('Clock')).toHaveTextContent(/This computer’s clock is .* behind Runpod’s/)
  await expect.element(answer('Data folder')).toHaveTextContent('is on this computer.')
  await expect
    .element(dialog.getByRole('status'))
    .toHaveTextContent(/^Measuring how often figures change: 0 of 3/)
  await expectGoodLook(window)

  await dialog.getByRole('button', { name: 'Stop measuring' }).click()
  await expect
    .element(answer('Refresh of figures'))
    .toHaveTextContent('Stopped early, after 0 of 3 refreshes.')
  await expect.element(dialog.getByRole('status')).toHaveTextContent('1 problem, 1 warning')
  await dialog.getByRole('button', { name: 'Check again' }).click()
  await expect.element(dialog.getByRole('button', { name: 'Stop measuring' })).toBeVisible()

  // What is closed asks nothing more than the app's own polls do.
  await dialog.getByRole('button', { name: 'Close' }).click()
  await expect.element(dialog).not.toBeInTheDocument()
  const asked = (await scene.runpod.requests()).slice(before)
  expect(asked.every(({ method, path }) => method === 'GET' || path === '/graphql')).toBe(true)
  expect(asked.filter(({ path }) => path === '/v2/billing/pods').length).toBeLessThanOrEqual(2)
})
