import * as v from 'valibot'
import { isMonth } from '../core/money/ledger/months'
import { keepOnChoices, stopTimeSchema } from '../core/pod-rules/pod-rules'
import { powerActions } from '../core/pods/pod'
import { demoCommands } from './demo-commands'
import { openedPages, pageNames, type Requests } from './ipc'
import type { WindowOperationName } from './operations/operations'
import { accountRequestSchemas } from './requests/account-requests'
import { activityRequestSchemas } from './requests/activity-requests'
import { bulkRequestSchemas } from './requests/pod/bulk-requests'
import { cleanUpRequestSchemas } from './requests/clean-up-requests'
import { changeRequestSchemas } from './requests/change-requests'
import { channelRequestSchemas } from './requests/channel-requests'
import { createRequestSchemas } from './requests/pod/create-requests'
import { editorRequestSchemas } from './requests/pod/editor-requests'
import { fileRequestSchemas } from './requests/pod/file-requests'
import { gpuRequestSchemas } from './requests/pod/gpu-requests'
import { labRequestSchemas } from './requests/lab-requests'
import { logRequestSchemas } from './requests/pod/log-requests'
import { podPageRequestSchemas } from './requests/pod/pod-page-requests'
import { portRequestSchemas } from './requests/pod/port-requests'
import { podsApiRequestSchemas } from './requests/pods-api-requests'
import { updateRequestSchemas } from './requests/update-requests'
import { queueRequestSchemas } from './requests/queue-requests'
import { settingsRequestSchemas } from './requests/settings-requests'
import { snippetRequestSchemas } from './requests/snippet-requests'
import { terminalRequestSchemas } from './requests/pod/terminal-requests'
import { idSchema, podKeySchema } from './requests/field-schemas'
import { MAX_HISTORIES } from './requests/limits'
import { sharedArguments } from './requests/shared-arguments'

const month = v.nullable(v.pipe(v.string(), v.check(isMonth)))

/** The arguments of all requests of windows. Only main needs them, so windows start without. */
export const requestSchemas = {
  snapshot: v.tuple([]),
  history: v.tuple([v.pipe(v.array(podKeySchema), v.maxLength(MAX_HISTORIES))]),
  costs: v.tuple([idSchema, month]),
  exportCosts: v.tuple([idSchema, month]),
  refresh: v.tuple([]),
  act: v.tuple([podKeySchema, v.picklist(powerActions)]),
  confirmTerminate: v.tuple([podKeySchema]),
  startWhenFree: v.tuple([podKeySchema, ...sharedArguments.startWhenFree]),
  keepOn: v.tuple([podKeySchema, v.picklist(keepOnChoices)]),
  endKeepOn: v.tuple([podKeySchema]),
  changePodRules: v.tuple([podKeySchema, ...sharedArguments.changePodRules]),
  lookInside: v.tuple([podKeySchema]),
  changePodGuard: v.tuple([podKeySchema, ...sharedArguments.changePodGuard]),
  confirmTerminateAtMaxHours: v.tuple([podKeySchema]),
  setAutoStop: v.tuple([idSchema, ...sharedArguments.setAutoStop]),
  setStopTime: v.tuple([idSchema, v.nullable(stopTimeSchema)]),
  sendTestNotification: v.tuple([]),
  undo: v.tuple([idSchema]),
  startDemo: v.tuple([]),
  runDemoCommand: v.tuple([v.picklist(demoCommands)]),
  leaveDemo: v.tuple([]),
  dismissNotice: v.tuple([idSchema]),
  pauseAlerts: v.tuple([]),
  resumeAlerts: v.tuple([]),
  copyDiagnostics: v.tuple([]),
  openWindow: v.tuple([v.picklist(pageNames)]),
  openWindowAt: v.tuple([v.picklist(pageNames), idSchema]),
  hidePopover: v.tuple([]),
  openPage: v.tuple([v.picklist(openedPages)]),
  ...accountRequestSchemas,
  ...activityRequestSchemas,
  ...bulkRequestSchemas,
  ...changeRequestSchemas,
  ...cleanUpRequestSchemas,
  ...channelRequestSchemas,
  ...createRequestSchemas,
  ...fileRequestSchemas,
  ...editorRequestSchemas,
  ...gpuRequestSchemas,
  ...labRequestSchemas,
  ...podPageRequestSchemas,
  ...portRequestSchemas,
  ...podsApiRequestSchemas,
  ...updateRequestSchemas,
  ...queueRequestSchemas,
  ...logRequestSchemas,
  ...settingsRequestSchemas,
  ...snippetRequestSchemas,
  ...terminalRequestSchemas,
} satisfies WindowSchemasOf<WindowOperationName> satisfies WindowSchemasOf<keyof Requests>

type WindowSchemasOf<Name extends keyof Requests> = {
  readonly [K in Name]: v.GenericSchema<unknown, Parameters<Requests[K]>>
}
