import type { Profiler } from 'node:inspector'
import { openTerminalHarness } from '../../test/harness/app/start/terminal-harness'
import { waitUntil } from '../../test/harness/app/act/wait-until'
import { outputs, writeOutput } from '../terminal/output-files'
import { connectInspector } from './inspector'

/** A large text through a terminal until it is drawn: main, and the window. The process of terminals can't be inspected. */
export async function profileTerminal(): Promise<Readonly<Record<string, Profiler.Profile>>> {
  const harness = await openTerminalHarness()
  try {
    const { path } = await writeOutput(harness.home, outputs[0])
    const port = /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(harness.scene.running.output())?.[1]
    const main = await connectInspector(Number(port))
    const page = await harness.page.context().newCDPSession(harness.page)
    await main.startProfile()
    await page.send('Profiler.enable')
    await page.send('Profiler.start')
    await harness.type(`cat ${path}; echo the-''end\r`)
    await waitUntil('the text', async () => (await harness.text()).includes('the-end'), 120_000)
    const { profile } = await page.send('Profiler.stop')
    const ofMain = await main.endProfile()
    main.close()
    return {
      'main while a text of 12 MB is drawn': ofMain,
      'the window meanwhile': profile as Profiler.Profile,
    }
  } finally {
    await harness.close()
  }
}
