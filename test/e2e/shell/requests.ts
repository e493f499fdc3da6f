import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { beforeAll, describe, expect, test } from 'vitest'
import { requestChannel, type RequestName, requestNames } from '../../../src/shared/ipc'
import { requestSchemas } from '../../../src/shared/request-schemas'
import { accountIdOf, actionsSent, card, podKeyIn, type Scene } from '../../harness/app/start/scene'
import { waitUntil } from '../../harness/app/act/wait-until'
import { oddArgumentLists, valueOfCode } from '../../harness/samples/odd-arguments'

/** One list of every kind that main can receive. test/main/hardening/request-gate.test.ts has all for every request. */
const KINDS: readonly string[] = [
  '[undefined]',
  '[null]',
  '[true]',
  '[-1]',
  '[NaN]',
  '[10n]',
  "['x'.repeat(201)]",
  "[['pod-1']]",
  "[{ podId: 'pod-1' }]",
  '[JSON.parse(\'{"__proto__":{"isAdmin":true}}\')]',
  '[new Map([[1, 2]])]',
  '[new Uint8Array(1_000)]',
  '[() => 1]',
  "['pod-1', {}]",
  "Array(100).fill('pod-1')",
]

const large = [
  "['x'.repeat(70_000)]",
  "['x'.repeat(5_000_000)]",
  '[Array(1_000_000)]',
  'Array(50_000).fill(1)',
]
/** The transport is the same for all requests, so only every so many carry what is large or cannot be carried. */
const EVERY_NTH = 40

/**
 * Sends every request that windows can make with all kinds of invalid arguments to the real app, with a pod that could
 * be stopped. The list of requests comes from the contract, so new requests are included automatically. To be called
 * after other tests of a scene without an account, since this one has one.
 */
export function describeRequests(sceneOf: () => Scene): void {
  describe('requests', () => {
    let scene: Scene
    beforeAll(async () => {
      scene = sceneOf()
      await scene.page.reload()
      await scene.pasteKey()
      await waitUntil('the pod', async () => (await card(scene.page, 'llama').count()) === 1)
      await expectUnmoved()
    })

    const inPage = (script: string): Promise<unknown> => scene.page.evaluate(script)
    const refusal = { ok: false, error: { message: expect.stringMatching(/^[A-Z].*\.$/s) } }

    /** The app is running and responding, and no pod was changed. */
    async function expectUnmoved(): Promise<void> {
      const snapshot = await waitUntil('a snapshot', () =>
        inPage('window.app.snapshot().then(({ ok, value }) => ok && value)'),
      )
      expect(snapshot).toMatchObject({ pods: [{ id: 'pod-1' }] })
      expect(actionsSent(scene)).toEqual([])
      expect(scene.running.output()).not.toMatch(/UnhandledPromiseRejection|Uncaught|RangeError/)
    }

    test('every request is rejected with a message for invalid arguments', async () => {
      const values = new Map([...KINDS, ...oddArgumentLists].map((list) => [list, valueOfCode(list)]))
      /** Whether these arguments are valid for the request, which could then have an effect. */
      const isSensible = (name: RequestName, list: string): boolean => {
        const args = values.get(list)
        const parsed = v.safeParse(requestSchemas[name], args)
        return parsed.success && Array.isArray(args) && parsed.output.length === args.length
      }
      expect(requestNames.length).toBeGreaterThan(100)
      for (const [index, name] of requestNames.entries()) {
        const isSentAll = index % EVERY_NTH === 0
        const lists = (isSentAll ? [...oddArgumentLists, ...large] : KINDS).filter(
          (list) => !isSensible(name, list),
        )
        expect(lists.length).toBeGreaterThan(isSentAll ? 40 : 10)
        const answers = await inPage(`(async () => {
        const answers = []
        const attempts = [${lists.map((list) => `() => ${list}`).join(', ')}]
        for (const args of attempts)
          try {
            answers.push(await window.app.${name}(...args()))
          } catch (error) {
            // The bridge itself carries neither endless depth nor what has no copy.
            answers.push({ ok: false, error: { message: 'Not carried: ' + String(error) + '.' } })
          }
        return answers
      })()`)
        expect([name, answers]).toEqual([name, lists.map(() => refusal)])
        if (isSentAll) await expectUnmoved()
      }
      await expectUnmoved()
    })

    test('a pod name with a special meaning elsewhere is only an unknown pod', async () => {
      const names = [
        '__proto__',
        'constructor',
        '../pod-1',
        'pod-1/stop',
        'pod-1?x',
        'pod-1\0',
        ' pod-1',
        'POD-1',
        '%70od-1',
        '\u202E1-dop',
      ]
      const accountId = await accountIdOf(scene.page)
      for (const podId of names.flatMap((name) => [name, `${accountId}/${name}`, `${name}/pod-1`]))
        for (const request of [
          `act(${JSON.stringify(podId)}, 'stop')`,
          `act(${JSON.stringify(podId)}, 'start')`,
          `undo(${JSON.stringify(podId)})`,
        ])
          expect(await inPage(`window.app.${request}`)).toEqual(refusal)
      await expectUnmoved()
    })

    test('a flood of ten thousand requests is rejected with messages, and the app responds again', async () => {
      const counts = await inPage(`(async () => {
    const calls = []
    for (let i = 0; i < 10_000; i++)
      calls.push(i % 2 === 0 ? window.app.act('account/no-such-pod-' + i, 'stop') : window.app.snapshot())
    const answers = await Promise.all(calls)
    const refused = answers.filter(({ ok, error }) => !ok && error.message.startsWith('Too many requests'))
    const strange = answers.filter(({ ok, error }) => !ok && !/^[A-Z].*\\.$/.test(error.message))
    return { answers: answers.length, refused: refused.length, strange: strange.length }
  })()`)
      expect(counts).toMatchObject({ answers: 10_000, strange: 0 })
      expect((counts as { refused: number }).refused).toBeGreaterThan(9_000)
      await expectUnmoved()
    })

    test("a foreign page, or a page outside the app's windows, is rejected", async () => {
      const preload = join(
        await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'raw-')),
        'raw.js',
      )
      await writeFile(
        preload,
        `const { contextBridge, ipcRenderer } = require('electron')
     contextBridge.exposeInMainWorld('raw', {
       invoke: (...args) => ipcRenderer.invoke(...args).catch((error) => String(error)),
       send: (...args) => ipcRenderer.send(...args),
     })`,
      )
      const asked = requestNames.map((name) => [requestChannel(name), ['pod-1']] as const)
      const answers = await scene.running.app.evaluate(
        async ({ BrowserWindow, session }, [path, calls]) => {
          const foreign = session.fromPartition('foreign')
          // The app's own protection would not even let the foreign pages load.
          foreign.webRequest.onBeforeRequest(null)
          const script = `Promise.all(${JSON.stringify(calls)}.map(([channel, args]) => raw.invoke(channel, ...args)))`
          const ask = async (
            address: string,
            inFrame: string | null,
            ses?: Electron.Session,
          ): Promise<unknown> => {
            const window = new BrowserWindow({
              show: false,
              webPreferences: {
                preload: path,
                sandbox: true,
                contextIsolation: true,
                nodeIntegrationInSubFrames: true,
                ...(ses && { session: ses }),
              },
            })
            await window.loadURL(address)
            const frame =
              inFrame === null ? window.webContents.mainFrame : window.webContents.mainFrame.frames[0]
            const result: unknown = await frame?.executeJavaScript(script)
            window.destroy()
            return result
          }
          return {
            'a data: page': await ask('data:text/html,hello', null, foreign),
            'an empty page': await ask('about:blank', null),
            'a frame in a page': await ask(
              'data:text/html,<iframe srcdoc="hello"></iframe>',
              'srcdoc',
              foreign,
            ),
            'our page in a window that is not ours': await ask('podkeeper://app/index.html', null),
          }
        },
        [preload, asked] as const,
      )
      const no = { ok: false, error: { message: 'This page may not request that.' } }
      for (const [who, given] of Object.entries(answers))
        expect([who, given]).toEqual([who, asked.map(() => no)])
      await expectUnmoved()
    })

    test('a request to a nonexistent channel gets no response and has no effect', async () => {
      const preload = join(
        await mkdtemp(join(process.env['PODKEEPER_SESSION'] ?? tmpdir(), 'raw-')),
        'raw.js',
      )
      await writeFile(
        preload,
        `const { contextBridge, ipcRenderer } = require('electron')
     contextBridge.exposeInMainWorld('raw', {
       invoke: (...args) => ipcRenderer.invoke(...args).then(() => 'answered', () => 'nobody'),
       send: (...args) => ipcRenderer.send(...args),
     })`,
      )
      const answers = await scene.running.app.evaluate(async ({ BrowserWindow }, path) => {
        const window = new BrowserWindow({ show: false, webPreferences: { preload: path, sandbox: true } })
        await window.loadURL('podkeeper://app/index.html')
        const channels = [
          'podkeeper:request:nonsense',
          'podkeeper:request:__proto__',
          'podkeeper:event:snapshot',
          'act',
          '',
          'error',
        ]
        const result: unknown = await window.webContents.executeJavaScript(`(() => {
      for (const channel of ${JSON.stringify(channels)}) raw.send(channel, 'pod-1')
      return Promise.all(${JSON.stringify(channels)}.map((channel) => raw.invoke(channel, 'pod-1')))
    })()`)
        // Sends the request and closes before it could get the response.
        void window.webContents
          .executeJavaScript(
            `for (let i = 0; i < 100; i++) void raw.invoke('podkeeper:request:act', 'pod-1', 'stop')`,
          )
          .catch(() => {})
        window.destroy()
        return result
      }, preload)
      expect(answers).toEqual(Array(6).fill('nobody'))
      await expectUnmoved()
    })

    test('a valid request still works after all invalid ones', async () => {
      // So that there is time to undo it on a busy machine.
      expect(await inPage("window.app.changeSetting('undoS', 60)")).toMatchObject({ ok: true })
      await waitUntil('the bucket to fill', async () => {
        const key = await podKeyIn(scene.page, 'pod-1')
        const answer = (await inPage(`window.app.act('${key}', 'stop')`)) as { ok: boolean }
        return answer.ok
      })
      const undo = () => scene.page.getByRole('button', { name: /undo/i })
      await expect.poll(() => undo().count()).toBe(1)
      await undo().click()
      await expect.poll(() => undo().count()).toBe(0)
      expect(actionsSent(scene)).toEqual([])
    })
  })
}
