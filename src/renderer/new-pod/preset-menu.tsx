import './preset-menu.css'
import { useCallback, useState } from 'react'
import {
  Input,
  Label,
  Menu,
  MenuItem,
  MenuSection,
  Header,
  MenuTrigger,
  Popover,
  TextField,
} from 'react-aria-components'
import { parseJson } from '../../core/base/parse-json'
import { parsePreset, presetForm, presetJson } from '../../core/creation/form/preset-codec'
import type { SavedPreset } from '../../shared/create-requests'
import { MAX_PRESET_NAME } from '../../shared/limits'
import { useSingleFlight } from '../state/use-single-flight'
import { useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Icon } from '../ui/icon'
import { emptyDraft } from './state/draft'
import { draftStore } from './state/use-new-pod-state'

type OpenDialog = 'save' | 'manage' | null

/** Saved forms: a choice of one, and the commands for them. */
export function PresetMenu() {
  const { bridge, snapshotStore } = useWindow()
  const [presets, setPresets] = useState<readonly SavedPreset[]>([])
  const [dialog, setDialog] = useState<OpenDialog>(null)
  const load = useCallback(async () => {
    const read = await snapshotStore.runRequest('Couldn’t read the presets', bridge.presets())
    if (read !== null) setPresets(read)
  }, [bridge, snapshotStore])

  const apply = (name: string): void => {
    const preset = parsePreset(parseJson(presets.find((one) => one.name === name)?.preset ?? ''))
    if (preset === null) return
    const before = draftStore.store.getState()
    const form = { ...presetForm(preset), name: before.form.name }
    draftStore.replace({ ...before, form, source: null, prefilled: null })
    snapshotStore.showToast('ok', `Filled in from ${name}.`, () => draftStore.replace(before))
  }
  const startOver = (): void => {
    const before = draftStore.store.getState()
    draftStore.replace({ ...emptyDraft, accountId: before.accountId })
    snapshotStore.showToast('ok', 'The form is empty.', () => draftStore.replace(before))
  }
  const importOne = async (): Promise<void> => {
    const name = await snapshotStore.runRequest('Couldn’t import the preset', bridge.importPreset())
    if (name === null) return
    snapshotStore.showToast('ok', `Preset saved: ${name}.`)
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
          Presets
          <Icon name="chevron" size={14} />
        </Button>
        <Popover className="menu-popover" offset={4}>
          <Menu className="menu" aria-label="Presets" onAction={(key) => run(String(key))}>
            {presets.length > 0 && (
              <MenuSection className="menu-section">
                <Header className="menu-header">Fill in from</Header>
                {presets.map(({ name }) => (
                  <MenuItem key={name} id={`use:${name}`} className="menu-item">
                    <bdi>{name}</bdi>
                  </MenuItem>
                ))}
              </MenuSection>
            )}
            <MenuItem id="save" className="menu-item">
              Save as preset…
            </MenuItem>
            {presets.length > 0 && (
              <MenuItem id="manage" className="menu-item">
                Manage presets…
              </MenuItem>
            )}
            <MenuItem id="import" className="menu-item">
              Import…
            </MenuItem>
            <MenuItem id="clear" className="menu-item">
              Start over
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
    snapshotStore.showToast('ok', `Preset saved: ${name.trim()}.`)
    onClose()
    await onSaved()
  }
  return (
    <Dialog label="Save preset" kind="sheet" onClose={onClose}>
      <header>
        <h2>Save preset</h2>
        <Button kind="bare" icon="close" label="Close" onPress={onClose} />
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
          <Label>Name</Label>
          <span className="new-input">
            <Input autoComplete="off" spellCheck={false} />
          </span>
        </TextField>
        <p className="new-hint">
          {isTaken
            ? 'The preset of that name is replaced.'
            : 'Values of variables are not saved, and neither are permissions to lose data or pass a budget.'}
        </p>
        <div className="actions">
          <Button kind="primary" isDisabled={name.trim() === ''} onPress={() => runOnce(save)}>
            {isTaken ? 'Replace preset' : 'Save preset'}
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
    <Dialog label="Presets" kind="sheet" onClose={onClose}>
      <header>
        <h2>Presets</h2>
        <Button kind="bare" icon="close" label="Close" onPress={onClose} />
      </header>
      <div className="dialog-body">
        {presets.length === 0 ? (
          <p className="new-hint">No presets.</p>
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
        `Preset deleted: ${name}.`,
        () => void request(bridge.savePreset(name, preset)),
      )
  }
  const exportOne = async (): Promise<void> => {
    const path = await snapshotStore.runRequest('Couldn’t export the preset', bridge.exportPreset(name))
    if (path !== null) snapshotStore.showToast('ok', `Exported to ${path}.`)
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
            aria-label={`New name of ${name}`}
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
        <Button label={`Rename ${name}`} onPress={() => setTyped(name)}>
          Rename
        </Button>
      ) : (
        <Button kind="primary" onPress={() => runOnce(rename)}>
          Save name
        </Button>
      )}
      <Button label={`Export ${name}`} onPress={() => runOnce(exportOne)}>
        Export…
      </Button>
      <Button label={`Delete ${name}`} onPress={() => runOnce(remove)}>
        Delete
      </Button>
    </li>
  )
}
