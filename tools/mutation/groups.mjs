/*
 * The groups of mutation testing. For each: the source files that are mutated (those that decide about money, data and
 * trust), and the test files that run against every mutant. Both are paths in the checkout. Property tests are left
 * out, as they notice no more mutants and take ten times as long.
 */
export const groups = {
  activity: {
    files: inFolder('src/core/idle', '.ts', [
      'absent-figures',
      'activity',
      'activity-fold',
      'idle-episode',
      'quiet-doubt',
      'quiet-window',
      'refresh-cadence',
      'sample',
    ]),
    tests: [
      ...inFolder('test/core/idle', '.test.ts', [
        'absent-figures',
        'activity',
        'activity-edges',
        'measured-idle',
        'quiet-window',
        'refresh-cadence',
        'reported-idle',
        'sample',
        'spacing',
        'reported-metrics',
      ]),
      'test/core/guard/missing-data.test.ts',
    ],
  },
  policy: {
    files: [
      ...inFolder('src/core/guard/policy', '.ts', [
        'policy',
        'due-time',
        'stop-plan',
        'stop-conditions',
        'stop-limit',
        'stop-retry',
      ]),
      ...inFolder('src/core/guard/stops', '.ts', ['due-stops', 'waiting-stops']),
      'src/core/pod-rules/keep-on.ts',
      'src/core/pods/confirmed-uptime.ts',
    ],
    tests: [
      ...inFolder('test/core/guard/policy', '.test.ts', [
        'due-time',
        'idle-alerts',
        'planned-stop',
        'policy',
        'stop-plan',
        'stop-conditions',
        'stop-limit',
        'stop-retry',
      ]),
      ...inFolder('test/core/guard', '.test.ts', [
        'auto-stop',
        'creeping-memory',
        'failing-stops',
        'kept-pods',
        'max-hours',
        'missing-data',
        'pod-budget',
        'shown-plan',
        'stops/due-stops',
        'stops/waiting-stops',
      ]),
      ...inFolder('test/core/pod-rules', '.test.ts', ['keep-on', 'pod-rules-editor']),
      'test/core/pods/confirmed-uptime.test.ts',
    ],
  },
  alerts: {
    files: inFolder('src/core/alerts', '.ts', ['alert-plan', 'alert-dispatcher', 'alert-history']),
    tests: [
      ...inFolder('test/core/alerts', '.test.ts', [
        'account-history',
        'alert-dispatcher',
        'alert-history',
        'alert-plan',
      ]),
      'test/core/monitor/monitor-alerts.test.ts',
    ],
  },
  changes: {
    files: inFolder('src/core/changes', '.ts', [
      'account-changes',
      'change-runner',
      'send-change',
      'pod-edit',
      'volume-change',
      'edit-form',
    ]),
    tests: inFolder('test/core/changes', '.test.ts', ['account-changes', 'pod-edit', 'volume-change']),
  },
  intents: {
    files: inFolder('src/core/intents', '.ts', [
      'intent',
      'intent-rules',
      'intent-runner',
      'intent-observation',
      'intent-reply',
    ]),
    tests: [
      ...inFolder('test/core/intents', '.test.ts', [
        'intent',
        'intent-expiry',
        'intent-observation',
        'intent-reply',
        'intent-runner',
        'intent-runner-adopt',
        'intent-runner-crash',
        'intent-runner-end',
        'intent-runner-gpu',
        'intent-runner-late',
      ]),
      'test/core/monitor/monitor-actions.test.ts',
    ],
  },
  'ssh-keys': {
    files: [
      ...inFolder('src/ssh/config', '.ts', [
        'config-conditions',
        'config-line',
        'included-files',
        'ssh-config',
        'wildcards',
      ]),
      'src/ssh/connection/algorithms.ts',
      ...inFolder('src/ssh/host-keys', '.ts', [
        'host-key-file',
        'host-key-pins',
        'known-hosts',
        'verify-host-key',
      ]),
      ...inFolder('src/ssh/key-setup', '.ts', ['diagnose-keys', 'register-key', 'registered-keys']),
      ...inFolder('src/ssh/keys', '.ts', ['key-file-parser', 'key-order', 'public-key']),
    ],
    tests: [
      ...inFolder('test/ssh/config', '.test.ts', ['included-files', 'ssh-config']),
      ...inFolder('test/ssh/host-keys', '.test.ts', ['host-key-pins', 'known-hosts', 'verify-host-key']),
      ...inFolder('test/ssh/key-setup', '.test.ts', ['diagnose-keys', 'register-key']),
      ...inFolder('test/ssh/keys', '.test.ts', ['ed25519-key', 'key-file-parser', 'key-order', 'public-key']),
    ],
  },
}

/** The least percentage of a group's mutants that its tests must notice. */
export const MIN_KILLED_PERCENT = 90

function inFolder(folder, ending, names) {
  return names.map((name) => `${folder}/${name}${ending}`)
}
