import type { Page } from 'playwright-core'
import type { AccountId } from '../../../../src/core/pods/pod'
import type { AccountPart } from '../../../../src/core/view/snapshot'
import { HUBIFY_KEY } from '../../../../src/simulator/simulator'
import { snapshotOf } from './account-scene'
import type { Scene } from './scene'
import { agreeToAccounts } from '../act/questions'
import { waitUntil } from '../act/wait-until'

export const accountsOf = async ({ page }: Scene): Promise<readonly AccountPart[]> =>
  (await snapshotOf(page)).accounts

export const accountIdNamed = (scene: Scene, name: string): Promise<AccountId> =>
  waitUntil(
    `the account ${name}`,
    async () => (await accountsOf(scene)).find(({ entry }) => entry.name === name)?.entry.id,
  )

/** Copies the key of Hubify and adds these labs of it, without the window. Returns once every account is watched. */
export async function addLabs(scene: Scene, ...labIds: string[]): Promise<void> {
  await scene.running.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), HUBIFY_KEY)
  await scene.page.evaluate('window.app.pasteLabKey()')
  const adding = scene.page.evaluate(`window.app.addLabs(${JSON.stringify(labIds)})`)
  await agreeToAccounts(scene.running, adding)
  await waitUntil('the labs to be watched', async () =>
    (await accountsOf(scene)).every(({ connection }) => connection.kind === 'live'),
  )
}

/** The page of pods in the main window. */
export async function openPodsPage(scene: Scene): Promise<Page> {
  await scene.page.evaluate("window.app.openWindow('pods')")
  const window = await scene.running.mainWindow()
  await window.getByRole('article').first().waitFor()
  return window
}
