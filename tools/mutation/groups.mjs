/*
 * What mutation testing holds: the files of core that decide over money and data, in groups, each with the tests that
 * speak of it by example: properties would notice as much and take ten times as long. A test file that a group does not
 * name does not run for it.
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
}

/** Of the mutants of a group that a test could notice, at least so many percent must be noticed. */
export const LEAST_KILLED_PERCENT = 90
