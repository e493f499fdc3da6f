import { setTimeout as delay } from 'node:timers/promises'
import { TrayItem } from '../../test/harness/app/desktop/tray'
import { freePort } from '../../test/harness/base/free-port'
import { OUR_APP, type PlainApp, type PlainOptions, startPlain } from '../app/apps'
import { openMainWindow, sideBySide, withDemoData } from '../app/demo-apps'
import { formatHeap } from './heap-owners'
import { parseHeapSnapshot } from './heap-snapshot'
import { connectInspector, type Inspector } from './inspector'
import { formatMemory, memoryOfTree } from './memory-map'
import { createScripts } from './origin'

/** Until what only a start needs is collected. */
const SETTLE_MS = 20_000

export interface ProfileListing {
  readonly title: string
  readonly text: string
  /** What developer tools read. */
  readonly file: { readonly ending: string; readonly text: string } | null
}

/**
 * Memory with five pods and the default settings: of each process beside the bare app, without a window, with the
 * popover and with both windows, and then the heaps of main and of both windows.
 */
export const profileMemory = (root: string): Promise<readonly ProfileListing[]> =>
  withDemoData(async (options) => [
    ...(await sideBySide(options, ['--hidden'], async (...apps) => [
      await compared('without a window', ...apps),
    ])),
    ...(await sideBySide(options, [], async (ours, bare) => {
      const popover = await compared('with the popover', ours, bare)
      await openMainWindow(ours)
      return [popover, await compared('with both windows', ours, bare)]
    })),
    ...(await heaps(options, root)),
  ])

async function compared(title: string, ours: PlainApp, bare: PlainApp): Promise<ProfileListing> {
  await delay(SETTLE_MS)
  const text = formatMemory(memoryOfTree(ours.pid), memoryOfTree(bare.pid))
  return { title: `memory ${title}`, text, file: null }
}

async function heaps(subject: PlainOptions, root: string): Promise<readonly ProfileListing[]> {
  const inspectedAt = await freePort()
  const app = await startPlain(OUR_APP, { ...subject, args: ['--hidden'], isOpen: true, inspectedAt })
  try {
    const main = await connectInspector(inspectedAt)
    // It would also wait at its first line.
    await main.send('Debugger.enable')
    await main.send('Debugger.setSkipAllPauses', { skip: true })
    await main.send('Debugger.disable')
    await main.send('Runtime.runIfWaitingForDebugger')
    await delay(SETTLE_MS)
    const ofMain = await heapOf(main, 'main without a window', root)
    main.close()
    const tray = await TrayItem.of(app)
    await tray.activate()
    await tray.choose('Open window')
    tray.disconnect()
    await delay(SETTLE_MS)
    const ofWindows: ProfileListing[] = []
    for (const page of ['index.html', 'window.html']) {
      const inspector = await connectInspector(await app.debuggingPort(), ({ url }) =>
        url.endsWith(`/${page}`),
      )
      ofWindows.push(await heapOf(inspector, page, root))
      inspector.close()
    }
    return [ofMain, ...ofWindows]
  } finally {
    await app.close()
  }
}

async function heapOf(inspector: Inspector, title: string, root: string): Promise<ProfileListing> {
  const urls = new Map<string, string>()
  inspector.onEvent('Debugger.scriptParsed', ({ scriptId, url }) => urls.set(String(scriptId), String(url)))
  await inspector.send('Debugger.enable')
  const chunks: string[] = []
  inspector.onEvent('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(String(chunk)))
  await inspector.send('HeapProfiler.enable')
  await inspector.send('HeapProfiler.collectGarbage')
  await inspector.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  await inspector.send('Debugger.disable')
  const text = chunks.join('')
  return {
    title: `heap of ${title}`,
    text: formatHeap(parseHeapSnapshot(text), createScripts(root, urls)),
    file: { ending: 'heapsnapshot', text },
  }
}
