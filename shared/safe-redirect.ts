/** Any address stands for this site: only what a path resolves to matters. */
const HERE = 'http://here.invalid'

/**
 * Where to go after sign-in. Only a path of this site is taken: whatever names another host in any spelling browsers
 * understand (`//host`, `/\host`, a tab inside, encoded slashes at the front) gives the fallback.
 */
export function safeRedirect(wanted: unknown, fallback: string): string {
  if (typeof wanted !== 'string' || wanted.length > 2000 || !/^\/(?![/\\])/.test(wanted)) return fallback
  // eslint-disable-next-line no-control-regex
  if (/[\\\u0000-\u001F\u007F]/.test(wanted)) return fallback
  const { origin, pathname } = new URL(wanted, HERE)
  return origin === HERE && !/^(?:\/|%2f|%5c){2}/i.test(pathname) ? wanted : fallback
}
