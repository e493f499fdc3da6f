import '../ui/styles/data-table.css'
import './clean-up.css'
import type {
  CleanUpPart,
  CleanUpView,
  LeftoverPod,
  UnmountedVolume,
} from '../../core/clean-up/clean-up-view'
import { stoppedText, unmountedText } from '../../core/clean-up/clean-up-text'
import { formatGb } from '../../core/base/text/format'
import type { SecretTemplate } from '../../core/pods/catalog'
import { type AccountId, podKeyOf } from '../../core/pods/pod'
import { isSetUp } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { BlankSlate } from '../ui/blank-slate'
import { Button } from '../ui/button'
import { commonText } from '../ui/common-text'
import { AccountLabel } from '../ui/labels/account-label'
import { cleanUpPageText, leftoverText, sectionText, variablesLine } from './clean-up-page-text'
import { type LeftoverRow, LeftoverSection } from './leftover-table'
import { useCleanUp } from './use-clean-up'

/** What the watched accounts may have left over. See docs/product-rules.md#510-clean-up. */
export function CleanUpPage() {
  const isConnected = useSnapshotStore(({ snapshot }) => isSetUp(snapshot))
  const idsText = useSnapshotStore(({ snapshot, shownAccountId }) =>
    (snapshot?.accounts ?? [])
      .filter(({ account, entry }) => account !== null && !entry.isPaused)
      .filter(({ entry }) => shownAccountId === null || entry.id === shownAccountId)
      .map(({ entry }) => entry.id)
      .join(),
  )
  const accountIds = idsText === '' ? [] : idsText.split(',')
  return (
    <section className="page clean-up-page" aria-label={cleanUpPageText.title}>
      {accountIds.length === 0 ? (
        <>
          <h1 className="unseen">{cleanUpPageText.title}</h1>
          <BlankSlate
            icon="broom"
            title={isConnected ? cleanUpPageText.notWatched : cleanUpPageText.noAccount}
          >
            {isConnected ? cleanUpPageText.resumeFirst : cleanUpPageText.connectFirst}
          </BlankSlate>
        </>
      ) : (
        accountIds.map((id, index) => <AccountLeftovers key={id} accountId={id} isFirst={index === 0} />)
      )}
    </section>
  )
}

interface AccountLeftoversProps {
  readonly accountId: AccountId
  readonly isFirst: boolean
}

function AccountLeftovers({ accountId, isFirst }: AccountLeftoversProps) {
  const { view, problem, reload } = useCleanUp(accountId)
  const name = useSnapshotStore(
    ({ snapshot }) => snapshot?.accounts.find(({ entry }) => entry.id === accountId)?.entry.name ?? '',
  )
  return (
    <section className="account-leftovers" aria-label={cleanUpPageText.leftOversOf(name)}>
      <header className="clean-up-head">
        {isFirst && <h1>{cleanUpPageText.title}</h1>}
        <AccountLabel accountId={accountId} />
        {view !== null && !isClean(view) && <span className="cap">{cleanUpPageText.total(view)}</span>}
      </header>
      {problem !== null && (
        <div className="message bad" role="alert">
          <span className="words">{cleanUpPageText.couldNotRead(problem)}</span>
          <Button onPress={reload}>{commonText.tryAgain}</Button>
        </div>
      )}
      {view !== null ? (
        <Leftovers accountId={accountId} view={view} onChange={reload} />
      ) : (
        problem === null && <p role="status">{cleanUpPageText.reading}</p>
      )}
    </section>
  )
}

const isEmpty = (part: CleanUpPart<unknown> | undefined): boolean =>
  part === undefined || (part.kind === 'read' && part.items.length === 0 && part.gap === null)

const isClean = ({ volumes, pods, unclearPods, templates, keys }: CleanUpView): boolean =>
  [volumes, pods, templates, keys].every(isEmpty) && unclearPods.length === 0

interface LeftoversProps {
  readonly accountId: AccountId
  readonly view: CleanUpView
  readonly onChange: () => void
}

function Leftovers({ accountId, view, onChange }: LeftoversProps) {
  const { volumes, pods, unclearPods, templates, keys } = view
  const actions = useLeftoverActions(accountId, onChange)
  const isCloud = templates !== undefined || volumes !== undefined
  if (isClean(view))
    return (
      <BlankSlate icon="broom" title={cleanUpPageText.nothing}>
        {cleanUpPageText.nothingFound(view)}
      </BlankSlate>
    )
  return (
    <>
      {volumes !== undefined && (
        <LeftoverSection
          text={sectionText.volumes}
          page="storage"
          part={mapped(volumes, (volume) => volumeRow(volume, view.atMs, actions.deleteVolume))}
        />
      )}
      <LeftoverSection
        text={sectionText.pods}
        page={isCloud ? 'console' : 'hubify'}
        part={mapped(pods, (pod) => ({
          ...podRow(pod, view.atMs, actions.openPod),
          action: {
            label: leftoverText.terminate,
            name: leftoverText.terminateOne(pod.name),
            run: () => actions.confirmTerminate(pod),
          },
        }))}
      />
      {unclearPods.length > 0 && (
        <LeftoverSection
          text={sectionText.unclearPods}
          page={null}
          part={mapped({ kind: 'read', items: unclearPods, gap: null }, (pod) =>
            podRow(pod, view.atMs, actions.openPod),
          )}
        />
      )}
      {templates !== undefined && (
        <LeftoverSection
          text={sectionText.templates}
          page="templates"
          part={mapped(templates, (template) => templateRow(template, actions.deleteTemplate))}
        />
      )}
      {keys !== undefined && (
        <LeftoverSection
          text={sectionText.keys}
          page="credentials"
          part={mapped(keys, ({ name, fingerprint }, index) => ({
            id: `${index} ${fingerprint}`,
            name,
            facts: fingerprint ?? leftoverText.noFingerprint,
          }))}
        />
      )}
    </>
  )
}

function mapped<T>(
  part: CleanUpPart<T>,
  toRow: (item: T, index: number) => LeftoverRow,
): CleanUpPart<LeftoverRow> {
  return part.kind === 'read' ? { ...part, items: part.items.map(toRow) } : part
}

function volumeRow(
  volume: UnmountedVolume,
  atMs: number,
  run: (volume: UnmountedVolume) => Promise<void>,
): LeftoverRow {
  const { id, name, sizeGb, dataCenterId, perMonthUsd, unusedSinceMs } = volume
  const since = unmountedText(unusedSinceMs, atMs)
  const facts = [
    ...(sizeGb === null ? [] : [formatGb(sizeGb)]),
    ...(dataCenterId === null ? [] : [dataCenterId]),
    ...(since === null ? [] : [since]),
  ]
  const action = {
    label: leftoverText.delete,
    name: leftoverText.deleteOne(name),
    run: () => run(volume),
  }
  return { id, name, facts: facts.join(' · '), perMonthUsd, action }
}

const podRow = (
  { id, name, perMonthUsd, stoppedSinceMs }: LeftoverPod,
  atMs: number,
  onOpen: (podId: string) => void,
): LeftoverRow => ({
  id,
  name,
  onOpen: () => onOpen(id),
  facts: stoppedText(stoppedSinceMs, atMs),
  perMonthUsd,
})

function templateRow(
  template: SecretTemplate,
  run: (template: SecretTemplate) => Promise<void>,
): LeftoverRow {
  const { id, name, isPublic, isServerless } = template
  return {
    id,
    name,
    facts: (
      <>
        <code>{variablesLine(template)}</code>
        {isPublic && <b className="warning"> · {leftoverText.public}</b>}
        {isServerless && ` · ${leftoverText.serverless}`}
      </>
    ),
    action: {
      label: leftoverText.delete,
      name: leftoverText.deleteOne(name),
      run: () => run(template),
    },
  }
}

/** Each of them is confirmed in the app's own window, by typing a name. */
function useLeftoverActions(accountId: AccountId, onChange: () => void) {
  const { bridge, snapshotStore } = useWindow()
  const report = (result: { readonly kind: string; readonly message: string } | null): void => {
    if (result === null) return
    snapshotStore.showToast(result.kind === 'done' ? 'ok' : 'bad', result.message)
    onChange()
  }
  return {
    openPod: (podId: string) => snapshotStore.showPod(podKeyOf(accountId, podId)),
    deleteVolume: async ({ id, name, sizeGb, dataCenterId }: UnmountedVolume): Promise<void> => {
      const change = { kind: 'delete', volume: { id, name, sizeGb, dataCenterId } } as const
      report(
        await snapshotStore.runRequest(leftoverText.notDeleted(name), bridge.changeVolume(accountId, change)),
      )
    },
    confirmTerminate: async ({ id }: LeftoverPod): Promise<void> => {
      await snapshotStore.runRequest(
        leftoverText.couldNotAsk,
        bridge.confirmTerminate(podKeyOf(accountId, id)),
      )
    },
    deleteTemplate: async ({ id, name }: SecretTemplate): Promise<void> => {
      report(
        await snapshotStore.runRequest(
          leftoverText.notDeleted(name),
          bridge.deleteTemplate(accountId, { id, name }),
        ),
      )
    },
  }
}
