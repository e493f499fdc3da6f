import { startKeyring } from '../../test/harness/app/desktop/keyring'
import { openScene, type Scene } from '../../test/harness/app/start/scene'
import { TrayItem } from '../../test/harness/app/desktop/tray'
import { defaultSettings } from '../../src/core/settings/settings'
import { demoPods } from '../../src/simulator/demo'
import { BARE_APP, OUR_APP, type PlainApp, type PlainOptions, startPlain } from './apps'

/** Runs with the data of an app that has five pods, the default settings, and its key in a keyring. */
export async function withDemoData<T>(run: (ours: PlainOptions, scene: Scene) => Promise<T>): Promise<T> {
  const endKeyring = await startKeyring()
  const scene = await openScene({ pods: demoPods, settings: defaultSettings })
  try {
    await scene.pasteKey()
    await scene.page.getByRole('article').first().waitFor()
    await scene.running.close()
    const env = { RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` }
    return await run({ dataDir: scene.running.dataDir, env }, scene)
  } finally {
    await scene.close()
    await endKeyring()
  }
}

/** Starts Podkeeper and the bare app with the same arguments. */
export async function sideBySide<T>(
  options: PlainOptions,
  args: readonly string[],
  run: (ours: PlainApp, bare: PlainApp) => Promise<T>,
): Promise<T> {
  const ours = await startPlain(OUR_APP, { ...options, args })
  const bare = await startPlain(BARE_APP, { args })
  try {
    return await run(ours, bare)
  } finally {
    await ours.close()
    await bare.close()
  }
}

export async function openMainWindow(app: PlainApp): Promise<void> {
  const tray = await TrayItem.of(app)
  await tray.choose('Open window')
  tray.disconnect()
}
