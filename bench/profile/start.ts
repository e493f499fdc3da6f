import type { Profiler } from 'node:inspector'
import { setTimeout as delay } from 'node:timers/promises'
import { demoPods } from '../../src/simulator/demo'
import { freePort } from '../../test/harness/base/free-port'
import { startKeyring } from '../../test/harness/app/desktop/keyring'
import { openScene } from '../../test/harness/app/start/scene'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { OUR_APP, startPlain } from '../app/apps'
import { LOOK_AFTER_MS, PODS_DRAWN } from '../app/start'
import { connectInspector } from './inspector'

/** A start with existing data until five pods are drawn: main from its first line, and the popover loaded once more. */
export async function profileStart(): Promise<Readonly<Record<string, Profiler.Profile>>> {
  const endKeyring = await startKeyring()
  const scene = await openScene({ pods: demoPods })
  try {
    await scene.pasteKey()
    await scene.page.getByRole('article').first().waitFor()
    await scene.running.close()
    const inspectedAt = await freePort()
    const app = await startPlain(OUR_APP, {
      dataDir: scene.running.dataDir,
      env: { RUNPOD_API_BASE_URL: `${scene.runpod.url}/v2` },
      isOpen: true,
      inspectedAt,
    })
    try {
      const main = await connectInspector(inspectedAt)
      await main.startProfile()
      // It would also wait at its first line.
      await main.send('Debugger.enable')
      await main.send('Debugger.setSkipAllPauses', { skip: true })
      await main.send('Runtime.runIfWaitingForDebugger')
      await waitUntil('the pods to be drawn', () => app.evaluate('index.html', PODS_DRAWN))
      const ofMain = await main.endProfile()
      main.close()
      const page = await connectInspector(await app.debuggingPort(), ({ url }) => url.endsWith('/index.html'))
      await page.startProfile()
      await page.send('Page.reload')
      await delay(LOOK_AFTER_MS)
      await waitUntil('the pods to be drawn again', () => app.evaluate('index.html', PODS_DRAWN))
      const ofPage = await page.endProfile()
      page.close()
      return { 'start of main': ofMain, 'load of the popover': ofPage }
    } finally {
      await app.close()
    }
  } finally {
    await scene.close()
    await endKeyring()
  }
}
