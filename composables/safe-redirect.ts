/**
 * Where to go after sign-in. Only a path of this site is taken: a `redirect` that names another host in any spelling
 * browsers understand (`//host`, `/\host`, a tab inside) gives the fallback.
 */
export function safeRedirect(wanted: unknown, fallback: string): string {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])/.test(wanted)) return fallback
  // eslint-disable-next-line no-control-regex
  if (/[\\\u0000-\u001F\u007F]/.test(wanted)) return fallback
  return wanted
}
