import type { DoctorLine } from '../../core/doctor/doctor-line'
import { computerCheckText } from '../../core/doctor/computer-check-text'
import { folderPlace } from './folder-place'

/** Whether the data folder is on this computer alone: locks and files that are replaced need that. */
export function dataFolderLine(folder: string): DoctorLine {
  const place = folderPlace(folder)
  switch (place.kind) {
    case 'local':
      return { id: 'data-folder', verdict: 'ok', text: computerCheckText.localFolder(folder) }
    case 'network':
      return {
        id: 'data-folder',
        verdict: 'problem',
        text: computerCheckText.networkFolder(folder, place.by),
      }
    case 'synced':
      return { id: 'data-folder', verdict: 'problem', text: computerCheckText.syncedFolder(folder, place.by) }
  }
}
