import './preset-menu.css'
import { useCallback, useState } from 'react'
import {
  Header,
  Input,
  Label,
  Menu,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  TextField,
} from 'react-aria-components'
import { parseJson } from '../../core/base/parse-json'
import { parsePreset, presetForm, presetJson } from '../../core/creation/form/preset-codec'
import type { SavedPreset } from '../../shared/requests/pod/create-requests'
import { MAX_PRESET_NAME } from '../../shared/requests/limits'
import { useSingleFlight } from '../state/hooks/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { CloseButton } from '../ui/close-button'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { emptyDraft } from './state/draft'
import { draftStore } from './state/use-new-pod-state'
import { presetText } from './preset-text'

type PresetDialog = 'save' | 'manage' | null

/** Saved forms: a choice of one, and the commands for them. */
export function PresetMenu() {
  const { bridge, snapshotStore } = useWindow()
  const [presets, setPresets] = useState<readonly SavedPreset[]>([])
  const [dialog, setDialog] = useState<PresetDialog>(null)
  const load = useCallback(async () => {
    const read = await snapshotStore.runRequest(presetText.couldNotRead, bridge.presets())
    if (read !== null) setPresets(read)
  }, [bridge, snapshotStore])

  const apply = (name: string): void => {
    const preset = parsePreset(parseJson(presets.find((one) => one.name === name)?.preset ?? ''))
    if (preset === null) return
    const before = draftStore.store.getState()
    const form = { ...presetForm(preset), name: before.form.name }
    draftStore.replace({ ...before, form, source: null, prefilled: null })
    snapshotStore.showToast('ok', presetText.filledIn(name), () => draftStore.replace(before))
  }
  const startOver = (): void => {
    const before = draftStore.store.getState()
    draftStore.replace({ ...emptyDraft, accountId: before.accountId })
    snapshotStore.showToast('ok', presetText.formEmpty, () => draftStore.replace(before))
  }
  const importOne = async (): Promise<void> => {
    const name = await snapshotStore.runRequest(presetText.couldNotImport, bridge.importPreset())
    if (name === null) return
    snapshotStore.showToast('ok', presetText.saved(name))
    await load()
  }
  const run = (key: string): void => {
    if (key.startsWith('use:')) apply(key.slice('use:'.length))
    else if (key === 'save') setDialog('save')
    else if (key === 'manage') setDialog('manage')
    else if (key === 'clear') startOver()
    else void importOne()
  }
  return (
    <>
      <MenuTrigger onOpenChange={(isOpen) => isOpen && void load()}>
        <Button kind="bare">
          {presetText.presets}
          <Icon name="chevron" size={14} />
        </Button>
        <Popover className="menu-popover" offset={4}>
          <Menu className="menu" aria-label={presetText.presets} onAction={(key) => run(String(key))}>
            {presets.length > 0 && (
              <MenuSection className="menu-section">
                <Header className="menu-header">{presetText.fillInFrom}</Header>
                {presets.map(({ name }) => (
                  <MenuItem key={name} id={`use:${name}`} className="menu-item">
                    <bdi>{name}</bdi>
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            <MenuItem id="save" className="menu-item">
              {presetText.saveAs}
            </MenuItem>
            {presets.length > 0 && (
              <MenuItem id="manage" className="menu-item">
                {presetText.manage}
              </MenuItem>
            )}
            <MenuItem id="import" className="menu-item">
              {presetText.import}
            </MenuItem>
            <MenuItem id="clear" className="menu-item">
              {presetText.startOver}
            </MenuItem>
          </Menu>
        </Popover>
      </MenuTrigger>
      {dialog === 'save' && <SaveDialog presets={presets} onClose={() => setDialog(null)} onSaved={load} />}
      {dialog === 'manage' && (
        <ManageDialog presets={presets} onClose={() => setDialog(null)} reload={load} />
      )}
    </>
  )
}

interface SaveDialogProps {
  readonly presets: readonly SavedPreset[]
  readonly onClose: () => void
  readonly onSaved: () => Promise<void>
}

function SaveDialog({ presets, onClose, onSaved }: SaveDialogProps) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const [name, setName] = useState('')
  const isTaken = presets.some((one) => one.name === name.trim())
  const save = async (): Promise<void> => {
    if (name.trim() === '') return
    const { form } = draftStore.store.getState()
    const saved = await bridge.savePreset(name.trim(), presetJson(form))
    if (!saved.ok) return snapshotStore.showToast('bad', saved.error.message)
    snapshotStore.showToast('ok', presetText.saved(name.trim()))
    onClose()
    await onSaved()
  }
  return (
    <Dialog label={presetText.save} kind="sheet" onClose={onClose}>
      <header>
        <h2>{presetText.save}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <form
        className="dialog-body new-preset-form"
        onSubmit={(event) => {
          event.preventDefault()
          runOnce(save)
        }}
      >
        <TextField
          className="new-field"
          value={name}
          onChange={setName}
          maxLength={MAX_PRESET_NAME}
          autoFocus
        >
          <Label>{presetText.name}</Label>
          <span className="new-input">
            <Input autoComplete="off" spellCheck={false} />
          </span>
        </TextField>
        <p className="new-hint">{isTaken ? presetText.replaces : presetText.notSaved}</p>
        <div className="actions">
          <Button
            kind="primary"
            whyNot={name.trim() === '' ? presetText.nameFirst : null}
            onPress={() => runOnce(save)}
          >
            {isTaken ? presetText.replace : presetText.save}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

interface ManageDialogProps {
  readonly presets: readonly SavedPreset[]
  readonly onClose: () => void
  readonly reload: () => Promise<void>
}

function ManageDialog({ presets, onClose, reload }: ManageDialogProps) {
  return (
    <Dialog label={presetText.presets} kind="sheet" onClose={onClose}>
      <header>
        <h2>{presetText.presets}</h2>
        <CloseButton onPress={onClose} />
      </header>
      <div className="dialog-body">
        {presets.length === 0 ? (
          <p className="new-hint">{presetText.none}</p>
        ) : (
          <ul className="new-presets">
            {presets.map((preset) => (
              <PresetRow key={preset.name} preset={preset} reload={reload} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  )
}

function PresetRow({
  preset: { name, preset },
  reload,
}: {
  readonly preset: SavedPreset
  readonly reload: () => Promise<void>
}) {
  const { bridge, snapshotStore } = useWindow()
  const runOnce = useSingleFlight()
  const [typed, setTyped] = useState<string | null>(null)
  const request = async (answer: ReturnType<typeof bridge.deletePreset>): Promise<boolean> => {
    const done = await answer
    if (!done.ok) snapshotStore.showToast('bad', done.error.message)
    await reload()
    return done.ok
  }
  const rename = async (): Promise<void> => {
    if (typed === null || typed.trim() === '' || typed.trim() === name) return setTyped(null)
    if (await request(bridge.renamePreset(name, typed.trim()))) setTyped(null)
  }
  const remove = async (): Promise<void> => {
    if (await request(bridge.deletePreset(name)))
      snapshotStore.showToast(
        'ok',
        presetText.deleted(name),
        () => void request(bridge.savePreset(name, preset)),
      )
  }
  const exportOne = async (): Promise<void> => {
    const path = await snapshotStore.runRequest(presetText.couldNotExport, bridge.exportPreset(name))
    if (path !== null) snapshotStore.showToast('ok', presetText.exported(path))
  }
  return (
    <li>
      {typed === null ? (
        <bdi>{name}</bdi>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            runOnce(rename)
          }}
        >
          <TextField
            className="new-field"
            aria-label={presetText.newName(name)}
            value={typed}
            onChange={setTyped}
            maxLength={MAX_PRESET_NAME}
            autoFocus
          >
            <span className="new-input">
              <Input autoComplete="off" spellCheck={false} />
            </span>
          </TextField>
        </form>
      )}
      {typed === null ? (
        <Button label={presetText.renamePreset(name)} onPress={() => setTyped(name)}>
          {presetText.rename}
        </Button>
      ) : (
        <Button kind="primary" onPress={() => runOnce(rename)}>
          {presetText.saveName}
        </Button>
      )}
      <Button label={presetText.exportPreset(name)} onPress={() => runOnce(exportOne)}>
        {presetText.export}
      </Button>
      <Button label={presetText.deletePreset(name)} onPress={() => runOnce(remove)}>
        {presetText.delete}
      </Button>
    </li>
  )
}
