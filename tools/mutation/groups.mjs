/*
 * What mutation testing holds: the files that decide over money, data and trust (of core, unless another room is named),
 * in groups, each with the tests that speak of it by example: properties would notice as much and take ten times as long.
 * A test file that a group does not name does not run for it.
 */
export const groups = {
  activity: {
    files: ['activity', 'episode', 'quiet', 'sample'],
    tests: ['test/core/{activity,activity-edges,quiet,sample}.test.ts'],
  },
  policy: {
    files: ['policy', 'plan', 'guard-rules', 'keep-on', 'certain-age', 'stop-count'],
    tests: [
      'test/core/{policy,plan,guard-rules,stop-count,auto-stop,keep-on,max-hours,guard-orders}.test.ts',
    ],
  },
  alerts: {
    files: ['alerts', 'announcer', 'alert-marks'],
    tests: ['test/core/{alert-marks,alerts,announcer,monitor-alerts}.test.ts'],
  },
  intents: {
    files: ['intents', 'intent-desk', 'intent-look', 'intent-reply'],
    tests: [
      'test/core/{intents,intent-expiry,intent-look,intent-reply,intent-desk*,monitor-actions}.test.ts',
    ],
  },
  'ssh-keys': {
    files: [
      'ssh/algorithms',
      'ssh/config-conditions',
      'ssh/config-line',
      'ssh/host-key-file',
      'ssh/host-key-pins',
      'ssh/included-files',
      'ssh/judge-host-key',
      'ssh/key-file-text',
      'ssh/key-order',
      'ssh/key-troubles',
      'ssh/known-hosts',
      'ssh/public-key',
      'ssh/register-key',
      'ssh/registered-lines',
      'ssh/ssh-config',
      'ssh/wildcards',
    ],
    tests: [
      'test/ssh/{host-key-pins,included-files,judge-host-key,key-file-text,key-order,key-troubles,known-hosts,public-key,register-key,ssh-config}.test.ts',
    ],
  },
}

/** Of the mutants of a group that a test could notice, at least so many percent must be noticed. */
export const LEAST_KILLED_PERCENT = 90
