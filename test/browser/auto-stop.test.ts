import { beforeEach, describe, expect, test } from 'vitest'
import { openWindow, type TestWindow } from '../harness/browser/open-window'
import { idlePods } from '../harness/browser/pods-scene'
import { openScene, podOf, type BrowserScene } from '../harness/browser/scene'

/* The switch for auto-stop: never on while the account's is off, whose first use asks to turn that on. */

const TURN_ON = 'Turn on auto-stop for this account?'
const WHY_OFF = 'Auto-stop off for anna: why'

let scene: BrowserScene
let window: TestWindow

beforeEach(async () => {
  scene = await openScene({
    pods: idlePods(['anna', 'bert']),
    settings: { bootMin: 0, idleAlertAfterMin: 0.05, pollActiveS: 5, pollIdleS: 5 },
  })
  await scene.bridge.request('changePodRules', (await podOf(scene, 'bert')).key, { isAutoStopped: true })
  await scene.advance(12_000)
  window = await openWindow(scene)
  await expect.element(switchOf('anna')).toBeVisible()
})

const switchOf = (name: string) => window.getByRole('switch', { name: `Auto-stop ${name}`, exact: true })
const isEnabled = async (name: string) => (await podOf(scene, name)).guard.isAutoStopEnabled

describe('the switch for auto-stop', () => {
  test('is off for a selected pod whose account is off, with the reason behind a link', async () => {
    await expect.element(switchOf('bert')).not.toBeChecked()
    await window.getByRole('button', { name: WHY_OFF }).click()
    const dialog = window.getByRole('dialog', { name: 'Guard rules of anna' })
    await expect
      .element(dialog)
      .toHaveTextContent('Auto-stop is off for this account. Turning it on asks you once.')
    expect(window.text()).not.toMatch(/auto-stop is on/i)
    expect(await window.axeFaults('all')).toEqual([])
  })

  test('asks at its first use, names the pod selected earlier, and is then on for both', async () => {
    await switchOf('anna').click()
    const { lines } = await scene.bridge.question(TURN_ON)
    expect(lines.map(({ text }) => text).join('\n')).toMatch(
      /anna \(.+\), after 6 h\nbert \(.+\), after 6 h \(selected earlier\)/,
    )
    await expect.element(switchOf('anna')).not.toBeChecked()
    await scene.bridge.answerQuestion(TURN_ON, 'Turn on auto-stop')
    await expect.element(switchOf('anna')).toBeChecked()
    await expect.element(switchOf('bert')).toBeChecked()
    await window.getByRole('button', { name: 'Undo: Auto-stop is on for 2 pods' }).click()
    await expect.element(switchOf('bert')).not.toBeChecked()
    expect([await isEnabled('anna'), await isEnabled('bert')]).toEqual([false, false])
    expect((await podOf(scene, 'anna')).guard.rules).toEqual({})
  })

  test('changes nothing when the question is refused, and asks nothing once auto-stop is on', async () => {
    await switchOf('anna').click()
    await scene.bridge.answerQuestion(TURN_ON, 'Cancel')
    await expect.element(switchOf('anna')).not.toBeChecked()
    expect(await isEnabled('bert')).toBe(false)
    await scene.bridge.request('setAutoStop', (await podOf(scene, 'anna')).accountId, 'ticked')
    await switchOf('anna').click()
    await expect.element(switchOf('anna')).toBeChecked()
    expect(await scene.bridge.openQuestion()).toBeNull()
    await switchOf('anna').click()
    await expect.poll(() => isEnabled('anna')).toBe(false)
  })

  test('is the same on the card, in the row, on the page and in the rules of the pod', async () => {
    await scene.bridge.request('setAutoStop', (await podOf(scene, 'bert')).accountId, 'ticked')
    await expect.element(switchOf('bert')).toBeChecked()
    await window.getByRole('radio', { name: 'Table' }).click()
    await expect.element(window.getByRole('row').first()).toBeVisible()
    await expect.element(switchOf('bert')).toBeChecked()
    await expect.element(switchOf('anna')).not.toBeChecked()
    await window.getByRole('button', { name: WHY_OFF }).click()
    const dialog = window.getByRole('dialog', { name: 'Guard rules of anna' })
    await dialog.getByRole('switch', { name: 'Auto-stop this pod' }).click({ force: true })
    await expect.poll(() => isEnabled('anna')).toBe(true)
    window.close()
    window = await openWindow(scene, 'main', { page: 'pod', about: (await podOf(scene, 'anna')).key })
    await expect
      .element(window.getByRole('region', { name: 'Rules' }))
      .toHaveTextContent(/Auto-stop\s*On\s*this pod/)
    await expect.element(switchOf('anna')).toBeChecked()
  })
})
