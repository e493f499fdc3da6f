import './demo-bar.css'
import { useState } from 'react'
import type { DemoCommand } from '../../shared/ipc'
import { isDemo } from '../state/account-parts'
import { useSnapshotStore, useWindow } from '../state/window-context'
import { Button } from '../ui/button'
import { Choice } from '../ui/controls/choice'

const demoButtons: readonly { readonly command: DemoCommand; readonly label: string }[] = [
  { command: 'make-idle', label: 'Make pods idle' },
  { command: 'make-busy', label: 'Make pods busy' },
  { command: 'break-network', label: 'Go offline' },
  { command: 'restore-network', label: 'Reconnect' },
  { command: 'empty-balance', label: 'Empty balance' },
  { command: 'top-up', label: 'Top up balance' },
]

const speeds = [
  { id: 'speed-1', label: '1 ×' },
  { id: 'speed-60', label: '60 ×' },
  { id: 'speed-600', label: '600 ×' },
] as const

/** Demo only: triggers at once what would otherwise take hours. */
export function DemoBar() {
  const { bridge, snapshotStore } = useWindow()
  const isInDemo = useSnapshotStore(({ snapshot }) => isDemo(snapshot))
  const [speed, setSpeed] = useState<(typeof speeds)[number]['id']>('speed-1')
  const hasLab = useSnapshotStore(
    ({ wholeSnapshot }) => wholeSnapshot?.accounts.some(({ entry }) => entry.lab !== undefined) ?? false,
  )
  if (!isInDemo) return null
  const runDemoCommand = (command: DemoCommand) =>
    void snapshotStore.runRequest('The demo couldn’t do that', bridge.runDemoCommand(command))
  return (
    <section className="demo-bar" aria-label="Demo controls">
      {demoButtons.map(({ command, label }) => (
        <Button key={command} onPress={() => runDemoCommand(command)}>
          {label}
        </Button>
      ))}
      <Button onPress={() => runDemoCommand(hasLab ? 'remove-lab' : 'add-lab')}>
        {hasLab ? 'Remove Hubify lab' : 'Add Hubify lab'}
      </Button>
      <Choice
        label="Speed"
        options={speeds}
        chosen={speed}
        onChoose={(id) => {
          setSpeed(id)
          runDemoCommand(id)
        }}
      />
    </section>
  )
}
