import { beforeEach, describe, expect, test, vi } from 'vitest'
import { emptyConfig, type AppConfig } from '../../../../src/core/settings/config-schema'
import { ok } from '../../../../src/core/base/result'
import { defaultSettings } from '../../../../src/core/settings/settings'
import { labAccountId } from '../../../../src/node/account-id'
import {
  FULL_KEY,
  HUBIFY_KEY,
  HUBIFY_READ_ONLY_KEY,
  type Simulator,
  type SimulatorOptions,
} from '../../../../src/simulator/simulator'
import {
  type Bench,
  bench,
  fakeStore,
  liveAccounts,
  paste,
  startRunpod,
  storedAccount,
  viewOf,
  workingKeyring,
} from '../../../harness/data-folder/account-session-fixture'

const DARK = 'j57a8k9m2n3p4q5r'
const FOLDS = 'k17d3f5g6h7j8k9m'

let hubify: Simulator

const startHubify = (options: SimulatorOptions['hubify'] = {}): Promise<Simulator> =>
  startRunpod({ hubify: { plan: 'team', ...options } })

beforeEach(async () => {
  hubify = await startHubify()
})

const idOf = (labId: string, at = hubify): string => labAccountId(new URL(at.hubifyUrl), labId)
const labsBench = (
  more: Parameters<typeof bench>[0] = {},
  ...accounts: Parameters<typeof bench>[1][]
): Bench => bench({ hubifyBaseUrl: hubify.hubifyUrl, keyring: workingKeyring, ...more }, ...accounts)
const names = (b: Bench) => b.store.accounts().map(({ name }) => name)
const podNames = (b: Bench, labId: string) =>
  viewOf(b, idOf(labId))
    .pods.map(({ name }) => name)
    .sort()

/** Pastes a key of Hubify and adds these labs of it. */
async function addLabs(b: Bench, key: string, ...labIds: string[]): Promise<void> {
  b.clipboard = key
  expect(await b.session.pasteLabKey()).toMatchObject({ kind: 'labs' })
  expect(await b.session.addLabs(labIds)).toMatchObject({ ok: true })
  await liveAccounts(b.session)
}

describe('a key of Hubify', () => {
  test('lists its labs, and nothing is stored before some are chosen', async () => {
    const b = labsBench()
    b.clipboard = `export HUBIFY_TOKEN=${HUBIFY_KEY}\n`
    expect(await b.session.pasteLabKey()).toEqual({
      kind: 'labs',
      ending: 'cess',
      host: new URL(hubify.hubifyUrl).host,
      labs: [
        { id: DARK, name: 'Dark energy', slug: 'dark-energy', accountName: null, isWatched: false },
        { id: FOLDS, name: 'Protein folds', slug: 'protein-folds', accountName: null, isWatched: false },
      ],
    })
    expect(b.store.accounts()).toEqual([])
    expect(await b.session.addLabs([])).toEqual({ ok: true, value: [] })
    expect(await b.session.addLabs([DARK])).toMatchObject({ ok: false })
    expect(b.store.accounts()).toEqual([])
  })

  test('makes each chosen lab an account with its own pods, beside one at Runpod', async () => {
    const b = labsBench({ baseUrl: `${hubify.url}/v2` })
    await paste(b, FULL_KEY)
    await addLabs(b, HUBIFY_KEY, DARK, FOLDS)
    expect(names(b)).toEqual(['Runpod', 'Dark energy', 'Protein folds'])
    // Both providers show the same pods: each is there once, for its Runpod account and for its lab.
    await vi.waitFor(() => {
      expect(b.session.snapshot().pods).toHaveLength(5)
      expect(podNames(b, DARK)).toEqual(['anomaly-search', 'desi-training', 'mcmc-desi'])
      expect(podNames(b, FOLDS)).toEqual(['fold-kinases', 'fold-membranes'])
    })
    const [, first, second] = b.store.accounts()
    expect(first).toMatchObject({
      id: idOf(DARK),
      provider: 'hubify',
      lab: { id: DARK, slug: 'dark-energy', usesAnnouncedRoutes: false },
      baseUrl: hubify.hubifyUrl,
      keyEnding: 'cess',
    })
    expect(first?.encryptedKey).toBe(second?.encryptedKey)
    // No announced route is called, and the key of Runpod and that of Hubify stay apart.
    const paths = hubify.requests.filter(({ path }) => path.startsWith('/api/v1')).map(({ path }) => path)
    expect(paths.filter((path) => /\/pods\/[^/]+$|terminate|restart|ssh|settings/.test(path))).toEqual([])
    expect(hubify.requests.every(({ authorizationOk }) => authorizationOk)).toBe(true)
  })

  test('adds labs beside other accounts only once a person agreed, and can be tried again', async () => {
    const b = labsBench()
    b.isAgreed = false
    await addLabs(b, HUBIFY_KEY, DARK)
    expect(b.questions).toEqual([])
    b.clipboard = HUBIFY_KEY
    await b.session.pasteLabKey()
    expect(await b.session.addLabs([DARK, FOLDS])).toMatchObject({ ok: false })
    expect([b.questions, names(b)]).toEqual([['Add another account?'], ['Dark energy']])
    b.isAgreed = true
    expect(await b.session.addLabs([DARK, FOLDS])).toMatchObject({ ok: true })
    expect(names(b)).toEqual(['Dark energy', 'Protein folds'])
  })

  test('has labs marked that are accounts already, and adds the others', async () => {
    const b = labsBench()
    await addLabs(b, HUBIFY_KEY, DARK)
    await b.session.changeAccount(idOf(DARK), { name: 'Cosmology' })
    // It was taken from the clipboard, and cleared.
    expect(b.clipboard).toBe('')
    b.clipboard = HUBIFY_KEY
    expect(await b.session.pasteLabKey()).toMatchObject({
      labs: [
        { id: DARK, accountName: 'Cosmology', isWatched: true },
        { id: FOLDS, accountName: null, isWatched: false },
      ],
    })
    expect(await b.session.addLabs([FOLDS])).toEqual({ ok: true, value: ['Protein folds'] })
    expect(names(b)).toEqual(['Cosmology', 'Protein folds'])
  })

  test.each([
    ['', 'not-a-key'],
    ['correct-horse-battery-staple', 'not-a-key'],
    [FULL_KEY, 'not-a-key'],
    ['hfy_key_of_nobody_at_all', 'refused'],
  ])('that is %j is %s, and only what looks like a key is sent', async (clipboard, kind) => {
    const b = labsBench()
    b.clipboard = clipboard
    expect(await b.session.pasteLabKey()).toMatchObject({ kind })
    expect(hubify.requests.length > 0).toBe(kind === 'refused')
    expect(b.store.accounts()).toEqual([])
  })

  test('goes to no other host unless the person agrees, and the clipboard is not read before', async () => {
    const b = labsBench({ hubifyBaseUrl: 'https://labs.example.com/api/v1', hosts: 'any' })
    b.isAgreed = false
    b.clipboard = HUBIFY_KEY
    expect(await b.session.pasteLabKey()).toMatchObject({
      kind: 'undecided',
      message: expect.stringContaining('nothing was sent to labs.example.com') as string,
    })
    expect(b.questions).toEqual(['Send your API key to labs.example.com?'])
    expect(b.clipboardReads).toBe(0)
  })

  test('that sees no lab says so', async () => {
    hubify = await startHubify({ labs: [] })
    const b = labsBench()
    b.clipboard = HUBIFY_KEY
    expect(await b.session.pasteLabKey()).toMatchObject({ kind: 'undecided' })
  })

  test('adds no more accounts than there can be, and can still add fewer', async () => {
    const labs = Array.from({ length: 21 }, (_, index) => ({
      id: `lab${index}`,
      slug: `lab-${index}`,
      pods: [],
    }))
    hubify = await startHubify({ labs })
    const b = labsBench()
    b.clipboard = HUBIFY_KEY
    await b.session.pasteLabKey()
    expect(await b.session.addLabs(labs.map(({ id }) => id))).toMatchObject({ ok: false })
    expect(b.store.accounts()).toEqual([])
    expect(await b.session.addLabs(['lab0'])).toEqual({ ok: true, value: ['lab-0'] })
  })
})

describe('the key of a lab’s account', () => {
  test('is restored after a restart, and is used for no other address', async () => {
    const state = { config: emptyConfig as AppConfig }
    const store = fakeStore(() => defaultSettings, state)
    const b = labsBench({ store })
    await addLabs(b, HUBIFY_KEY, DARK, FOLDS)
    b.session.dispose()

    const again = labsBench({ store: fakeStore(() => defaultSettings, state) })
    await again.session.restore()
    await liveAccounts(again.session)
    expect(podNames(again, FOLDS)).toEqual(['A100 fold01', 'H100 fold02'])
    again.session.dispose()

    const other = await startHubify()
    const elsewhere = labsBench({
      store: fakeStore(() => defaultSettings, state),
      hubifyBaseUrl: other.hubifyUrl,
    })
    await elsewhere.session.restore()
    expect(other.requests).toEqual([])
    expect(viewOf(elsewhere, idOf(DARK)).connection).toMatchObject({
      kind: 'no-account',
      keptKey: { reason: expect.stringContaining(hubify.hubifyUrl) as string },
    })
  })

  test('is replaced for each account that had the same key and that the new one sees, with rules and names kept', async () => {
    const narrow = 'hfy_key_of_one_lab_only'
    hubify = await startHubify({
      keys: { [HUBIFY_KEY]: { scopes: ['*'] }, [narrow]: { scopes: ['*'], labs: [DARK] } },
    })
    const b = labsBench()
    await addLabs(b, HUBIFY_KEY, DARK, FOLDS)
    await b.session.changeAccount(idOf(DARK), { name: 'Cosmology', usesAnnouncedRoutes: true })
    b.store.accountRules.update(idOf(DARK), (rules) => ({ ...rules, autoStop: 'all' }))
    await b.session.changeAccount(idOf(FOLDS), { isPaused: true })

    b.clipboard = narrow
    expect(await b.session.replaceLabKey(idOf(FOLDS))).toMatchObject({ value: { kind: 'refused' } })
    expect(await b.session.replaceLabKey(idOf(DARK))).toEqual({
      ok: true,
      value: { kind: 'replaced', names: ['Cosmology'], left: ['Protein folds'], ending: 'only' },
    })
    const [dark, folds] = b.store.accounts()
    expect([dark?.keyEnding, folds?.keyEnding]).toEqual(['only', 'cess'])
    expect(dark).toMatchObject({ name: 'Cosmology', lab: { usesAnnouncedRoutes: true } })
    expect(b.store.accountRules.load(idOf(DARK)).autoStop).toBe('all')

    b.clipboard = HUBIFY_KEY
    await b.session.replaceLabKey(idOf(DARK))
    b.clipboard = HUBIFY_READ_ONLY_KEY
    expect(await b.session.replaceLabKey(idOf(DARK))).toMatchObject({ value: { kind: 'refused' } })
  })

  test('of a paused account stays paused when it is replaced, and is used when the pause ends', async () => {
    const next = 'hfy_key_that_comes_next'
    hubify = await startHubify({ keys: { [HUBIFY_KEY]: { scopes: ['*'] }, [next]: { scopes: ['*'] } } })
    const b = labsBench()
    await addLabs(b, HUBIFY_KEY, DARK, FOLDS)
    await b.session.changeAccount(idOf(FOLDS), { isPaused: true })
    b.clipboard = next
    expect(await b.session.replaceLabKey(idOf(DARK))).toMatchObject({
      value: { kind: 'replaced', names: ['Dark energy', 'Protein folds'], left: [] },
    })
    expect(b.session.monitor(idOf(FOLDS))).toBeNull()
    expect(b.store.accounts().map(({ isPaused }) => isPaused === true)).toEqual([false, true])
    await b.session.changeAccount(idOf(FOLDS), { isPaused: false })
    await liveAccounts(b.session)
    expect(viewOf(b, idOf(FOLDS)).account?.keyEnding).toBe('next')
  })

  test('is erased with its account, whose rules come back when it is added again', async () => {
    const b = labsBench()
    await addLabs(b, HUBIFY_KEY, DARK, FOLDS)
    b.store.accountRules.update(idOf(DARK), (rules) => ({ ...rules, autoStop: 'all' }))
    expect(await b.session.removeAccount(idOf(DARK))).toEqual({ ok: true, value: true })
    expect(names(b)).toEqual(['Protein folds'])
    await addLabs(b, HUBIFY_KEY, DARK)
    expect(viewOf(b, idOf(DARK)).guard.autoStop).toBe('all')
  })
})

test('a refused key of Hubify does not disturb an account at Runpod', async () => {
  const b = labsBench({
    baseUrl: `${hubify.url}/v2`,
    store: fakeStore(() => ({ ...defaultSettings, keyRetryS: 0 })),
  })
  const runpodId = await paste(b, FULL_KEY)
  await addLabs(b, HUBIFY_KEY, DARK)
  hubify.fault({ kind: 'unauthorized', path: '/api/v1/pods' })
  await vi.waitFor(() => {
    b.session.refresh()
    expect(viewOf(b, idOf(DARK)).connection.kind).toMatch(/key-/)
  })
  expect(viewOf(b, runpodId).connection.kind).toBe('live')
})

test('a refused key at Runpod hands the shared pods to the lab at once, which counts them', async () => {
  // On the free plan the lab's next list is minutes away.
  hubify = await startHubify({ plan: 'free' })
  const b = labsBench({
    baseUrl: `${hubify.url}/v2`,
    store: fakeStore(() => ({ ...defaultSettings, keyRetryS: 0 })),
  })
  const runpodId = await paste(b, FULL_KEY)
  await addLabs(b, HUBIFY_KEY, DARK)
  const owners = () => b.session.snapshot().pods.map(({ accountId }) => accountId)
  const shared = () => b.session.snapshot().pods.filter(({ labKey }) => labKey !== undefined)
  await vi.waitFor(() => expect(shared()).toHaveLength(3))
  const { burn } = b.session.snapshot()
  const lists = () => hubify.requests.filter(({ path }) => path === '/api/v1/pods').length
  const listsBefore = lists()
  hubify.fault({ kind: 'unauthorized', path: '/v2/*' })
  await vi.waitFor(() => {
    b.session.withMonitor(runpodId, (monitor) => ok(monitor.refresh()))
    expect(viewOf(b, runpodId).connection.kind).toBe('key-refused')
  })
  await vi.waitFor(() => expect(owners().filter((id) => id === idOf(DARK))).toHaveLength(3))
  // Two more are of the Runpod account alone.
  expect(owners()).toHaveLength(5)
  // A lab does not say what the disk of a stopped pod costs.
  expect(b.session.snapshot().burn.perHourUsd).toBeCloseTo(burn.perHourUsd, 1)
  expect(lists()).toBe(listsBefore)
})

test.each([
  ['an unknown provider', { provider: 'lambda' }],
  ['no lab', { provider: 'hubify' }],
])('an account with %s is shown, and its key is neither read nor sent', async (_, odd) => {
  let reads = 0
  const keyring = {
    ...workingKeyring,
    decrypt: (text: string) => {
      reads += 1
      return workingKeyring.decrypt(text)
    },
  }
  const b = labsBench(
    { baseUrl: `${hubify.url}/v2`, keyring },
    storedAccount({ baseUrl: `${hubify.url}/v2`, ...odd }),
  )
  await b.session.restore()
  expect(reads).toBe(0)
  expect(hubify.requests).toEqual([])
  expect(b.session.snapshot().accounts).toMatchObject([
    { entry: { name: 'Runpod' }, connection: { kind: 'no-account', keptKey: { canTryAgain: false } } },
  ])
  await b.session.changeAccount('x', { isPaused: true })
  await b.session.changeAccount('x', { isPaused: false })
  expect(hubify.requests).toEqual([])
})
