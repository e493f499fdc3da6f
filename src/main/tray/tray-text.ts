import type { TrayModel } from '../../core/view/tray/tray-model'

/** Until the first list of pods is asked for, nothing is known about them. */
const starting: TrayModel = {
  state: 'calm',
  tooltip: 'Podkeeper is starting',
  title: '',
  isDimmed: true,
  menu: [
    { kind: 'text', text: 'Podkeeper is starting' },
    { kind: 'separator' },
    { kind: 'item', text: 'Open Podkeeper', command: { kind: 'open' } },
    { kind: 'item', text: 'Quit', command: { kind: 'quit' } },
  ],
}

export const trayText = { starting } as const
