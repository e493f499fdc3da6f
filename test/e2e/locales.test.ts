import { expect, onTestFinished, test } from 'vitest'
import { openCard, openScene, screenshot, VOLUME } from '../harness/app/start/scene'

/* Dates, clocks and numbers are those of the system's region; the words and the direction of the layout stay English. */

test.each([
  { locale: 'de_DE.UTF-8', lang: 'de', money: '$1.234,50', clock: /^\d\d:\d\d$/ },
  { locale: 'tr_TR.UTF-8', lang: 'tr', money: '$1,234.50', clock: /^\d\d:\d\d$/ },
  { locale: 'ar_EG.UTF-8', lang: 'ar', money: '$1,234.50', clock: /^\d{1,2}:\d\d [AP]M$/ },
  { locale: 'ja_JP.UTF-8', lang: 'ja', money: '$1,234.50', clock: /^\d\d:\d\d$/ },
])('$locale: $money', async ({ locale, lang, money, clock }) => {
  const scene = await openScene({
    pods: [{ id: 'a', name: 'INFINITY-istanbul', mode: 'training', costPerHourUsd: 1_234.5, ...VOLUME }],
    launch: { env: { LC_ALL: locale }, args: [`--lang=${lang}`] },
  })
  onTestFinished(() => scene.close())
  await scene.pasteKey()
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await window.setViewportSize({ width: 1_000, height: 700 })
  const pod = await openCard(window, 'INFINITY-istanbul')
  await expect.poll(() => pod.textContent()).toContain(`${money} per hour`)
  expect(await pod.textContent()).toContain('Stop')
  expect(await window.evaluate('getComputedStyle(document.documentElement).direction')).toBe('ltr')
  for (const page of [window, scene.page])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await screenshot(window, `locales/${lang}`)
  await pod.getByRole('button', { name: 'Stop INFINITY-istanbul' }).click()
  await window.getByRole('navigation').getByRole('button', { name: 'Activity' }).click()
  await expect
    .poll(async () => (await window.locator('main time').first().textContent()) ?? '')
    .toMatch(clock)
})
