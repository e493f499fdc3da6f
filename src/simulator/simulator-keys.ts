/* What the simulator accepts. Apart from it, since tests in a browser use it without the simulator. */

export const FULL_KEY = 'rpa_simulated_full_access'
export const READ_ONLY_KEY = 'rpa_simulated_read_only'
/** May read and change pods, and little else. */
export const RESTRICTED_KEY = 'rpa_simulated_restricted'
export const HUBIFY_KEY = 'hfy_key_simulated_full_access'
export const HUBIFY_READ_ONLY_KEY = 'hfy_key_simulated_read_only'
