import './demo-bar.css'
import { Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from 'react-aria-components'
import type { DemoCommand } from '../../shared/demo-commands'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { demoBarText, demoEvents } from './demo-bar-text'
import { demoText } from './shell-text'

const speeds = [
  { id: 'speed-1', factor: 1 },
  { id: 'speed-60', factor: 60 },
  { id: 'speed-600', factor: 600 },
] as const

/** Demo only: its tour once more, and a menu of what would otherwise take hours. */
export function DemoBar() {
  const { bridge, snapshotStore } = useWindow()
  const demo = useSnapshotStore(({ wholeSnapshot }) => wholeSnapshot?.demo ?? null)
  if (demo === null) return null
  const run = (command: DemoCommand) =>
    void snapshotStore.runRequest(demoBarText.couldNotDo, bridge.runDemoCommand(command))
  return (
    <section className="demo-bar" aria-label={demoBarText.label}>
      <p>{demoText.simulated}</p>
      {demo.tour?.step === 'done' && (
        <Button onPress={() => run('restart-tour')}>{demoBarText.takeTour}</Button>
      )}
      <DemoMenu factor={demo.clock.factor} onRun={run} />
    </section>
  )
}

function DemoMenu({
  factor,
  onRun,
}: {
  readonly factor: number
  readonly onRun: (command: DemoCommand) => void
}) {
  const { bridge, snapshotStore } = useWindow()
  const hasLab = useSnapshotStore(
    ({ wholeSnapshot }) => wholeSnapshot?.accounts.some(({ entry }) => entry.lab !== undefined) ?? false,
  )
  const leave = () => void snapshotStore.runRequest(demoText.couldNotLeave, bridge.leaveDemo())
  return (
    <MenuTrigger>
      <Button icon="more">{factor === 1 ? demoBarText.controls : demoBarText.controlsAt(factor)}</Button>
      <Popover className="menu-popover" placement="top end" offset={4}>
        <Menu className="menu" aria-label={demoBarText.controls}>
          <MenuSection className="menu-section" aria-label={demoBarText.events}>
            {demoEvents.map(({ command, label }) => (
              <MenuItem key={command} className="menu-item" onAction={() => onRun(command)}>
                {label}
              </MenuItem>
            ))}
            <MenuItem className="menu-item" onAction={() => onRun(hasLab ? 'remove-lab' : 'add-lab')}>
              {hasLab ? demoBarText.removeLab : demoBarText.addLab}
            </MenuItem>
          </MenuSection>
          <MenuSection
            className="menu-section"
            selectionMode="single"
            disallowEmptySelection
            selectedKeys={speeds.filter((speed) => speed.factor === factor).map(({ id }) => id)}
          >
            <Header className="menu-header">{demoBarText.speed}</Header>
            {speeds.map((speed) => (
              <MenuItem
                key={speed.id}
                id={speed.id}
                className="menu-item"
                textValue={`${speed.factor}×`}
                onAction={() => onRun(speed.id)}
              >
                {({ isSelected }) => (
                  <>
                    {speed.factor}×{isSelected && <Icon name="check" size={14} />}
                  </>
                )}
              </MenuItem>
            ))}
          </MenuSection>
          <MenuItem className="menu-item" onAction={leave}>
            {demoText.leave}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  )
}
