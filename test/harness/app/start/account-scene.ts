import { createServer, type IncomingMessage, request as requestOf, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import type { AccountRecordChanges } from '../../../../src/core/settings/account-record'
import type { AccountPart, Snapshot } from '../../../../src/core/view/snapshot'
import type { SimulatedPodSpec } from '../../../../src/simulator/world/pod-spec'
import { createSimulator, FULL_KEY, type Simulator } from '../../../../src/simulator/simulator'
import { copyAndPaste, creditUsd, openScene, roomyQuotas, type Scene, type SceneOptions } from './scene'
import { waitUntil } from '../act/wait-until'

/** One account: a simulated Runpod of its own. */
export interface AccountSpec {
  readonly key: string
  readonly name: string
  readonly pods: readonly SimulatedPodSpec[]
  readonly balanceUsd?: number
  /** Its key is not pasted. */
  readonly isLeftOut?: boolean
}

/** How the address that all accounts share treats one of them. */
export type Treatment = 'answers' | 'refuses' | 'offline'

export interface AccountScene {
  readonly scene: Scene
  /** By name, also after the account was renamed. */
  readonly runpods: Readonly<Record<string, Simulator>>
  treat(name: string, treatment: Treatment): void
  snapshot(): Promise<Snapshot>
  part(name: string): Promise<AccountPart>
  close(): Promise<void>
}

/**
 * The real app with several accounts, each at a simulated Runpod of its own on loopback. The app knows one address,
 * where each key leads to its Runpod.
 */
export async function openAccountScene(
  accounts: readonly AccountSpec[],
  options: Omit<SceneOptions, 'pods' | 'wire'> = {},
): Promise<AccountScene> {
  const [first, ...others] = accounts
  if (first === undefined) throw new Error('There is no account.')
  const simulators = new Map<string, Simulator>()
  for (const { key, pods, balanceUsd = creditUsd(pods) } of others)
    simulators.set(
      key,
      await createSimulator({
        seed: 7,
        pods,
        balanceUsd,
        quotas: roomyQuotas,
        keys: { [key]: 'full' },
        accountIds: { [key]: `user_${key}` },
      }),
    )
  const treatments = new Map<string, Treatment>()
  const router = await openRouter((key) => {
    const simulator = simulators.get(key ?? '') ?? scene?.runpod
    return { url: simulator?.url ?? '', treatment: treatments.get(key ?? '') ?? 'answers' }
  })
  let scene: Scene | undefined
  scene = await openScene({
    ...options,
    pods: first.pods,
    apiKey: first.key,
    accountIds: { [first.key]: `user_${first.key}` },
    wire: () => Promise.resolve(router.url),
  })
  simulators.set(first.key, scene.runpod)
  const opened = scene
  const snapshot = (): Promise<Snapshot> => snapshotOf(opened.page)
  for (const { key, name, pods, isLeftOut } of accounts) {
    if (isLeftOut === true) continue
    await copyAndPaste(opened, key)
    const id = (await snapshot()).accounts.at(-1)?.entry.id ?? ''
    await changeAccount(opened.page, id, { name })
    await waitUntil(`the pods of ${name}`, async () => {
      const { pods: shown } = await snapshot()
      return shown.filter(({ accountId }) => accountId === id).length === pods.length
    })
  }
  return {
    scene: opened,
    runpods: Object.fromEntries(
      accounts.map(({ name, key }) => [name, simulators.get(key) ?? opened.runpod]),
    ),
    treat(name, treatment) {
      treatments.set(accounts.find((account) => account.name === name)?.key ?? '', treatment)
    },
    snapshot,
    part: (name) =>
      waitUntil(`the account ${name}`, async () =>
        (await snapshot()).accounts.find(({ entry }) => entry.name === name),
      ),
    async close() {
      await opened.close()
      await router.close()
      for (const simulator of simulators.values()) if (simulator !== opened.runpod) await simulator.close()
    },
  }
}

export const keysOf = {
  first: FULL_KEY,
  second: 'rpa_simulated_second_key',
  third: 'rpa_simulated_third_key',
}

export const snapshotOf = (page: Page): Promise<Snapshot> =>
  page.evaluate<Snapshot>('window.app.snapshot().then(({ value }) => value)')

export const changeAccount = (page: Page, id: string, changes: AccountRecordChanges): Promise<unknown> =>
  page.evaluate(`window.app.changeAccount(${JSON.stringify(id)}, ${JSON.stringify(changes)})`)

interface Router {
  readonly url: string
  close(): Promise<void>
}

async function openRouter(
  find: (key: string | undefined) => { readonly url: string; readonly treatment: Treatment },
): Promise<Router> {
  async function forward(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { host: _host, authorization, ...headers } = incoming.headers
    const { url, treatment } = find(authorization?.replace(/^Bearer /, ''))
    if (treatment === 'offline') {
      incoming.socket.resetAndDestroy()
      return
    }
    const body = Buffer.concat((await incoming.toArray()) as Buffer[])
    const key = treatment === 'refuses' ? 'Bearer rpa_revoked' : authorization
    const forwarded = requestOf(
      `${url}${incoming.url}`,
      { method: incoming.method, headers: { ...headers, ...(key && { authorization: key }) } },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      },
    )
    forwarded.on('error', () => incoming.socket.destroy())
    forwarded.end(body)
  }
  const server = createServer((incoming, response) => {
    forward(incoming, response).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
