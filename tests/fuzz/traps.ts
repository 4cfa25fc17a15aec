/** Texts that have broken programs before: each is legal JSON, most are nothing that a person would type. */
export const trapTexts: string[] = [
  '', ' ', '\t\n', '\u0000', 'a\u0000b', '\u001b[31m', '\u007f', '\u0085', '\ufeff', '\ufffe', '\uffff',
  '\ud800', 'a\udc00', '\ud83d', '\ude00\ud83d', '😀', '👩‍👩‍👧‍👦', '🇬🇷', 'é', 'e\u0301', 'a' + '\u0301'.repeat(300), 'İ', 'ß', 'ﷺ', '𝒳𝒴𝒵', 'Ω', 'Ώρα', 'ΐ',
  '\u202eevil', 'a\u2066b\u2069c', '\u200b', '\u200d\u200d', 'x\u200by', '\u00ad', '\u2028', '\u2029', '\u3000', '\u180e',
  'null', 'undefined', 'NaN', 'Infinity', 'true', '[object Object]', '0', '-0', '-1', '1e999', '0x10', '9007199254740993', '1_000', '٣', '１',
  '\'', '"', '\\', '\'; drop table users; --', '" or 1=1 --', '%', '_', '%%%', '*', '\\_', ') or (1=1', '$1', '$$', '::uuid', 'a & b | !c', '<->', ':*', 'x\'::tsquery',
  '{{7*7}}', '${7*7}', '#{7*7}', '<%= 7 %>', '${jndi:ldap://127.0.0.1/a}', '%s%n%d', '$(id)', '`id`', '| id', '=1+1', '@SUM(A1)', '+1', '-1+1|cmd',
  '<script>alert(1)</script>', '<img src=x onerror=alert(1)>', 'javascript:alert(1)', ']]>', '<!--', '&lt;', '&#0;',
  '../../etc/passwd', '..\\..\\x', '/', '//', '\\\\host\\share', 'file:///etc/passwd', 'C:\\', 'CON', '.', '..', '%00', '%2e%2e%2f', '%ff', '%',
  'a\r\nSet-Cookie: x=1', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty',
  '2026-02-30', '0000-00-00', '9999-12-31', '2026-11-22T25:00:00Z', '-000001-01-01', '+275760-09-13T00:00:00.001Z', '1970-01-01T00:00:00.000Z',
  'x'.repeat(2_001), 'y'.repeat(9_000), 'word '.repeat(800), 'α'.repeat(2_000), '\n'.repeat(1_000), 'http://127.0.0.1:9/'.padEnd(600, 'a'),
]

export const trapNumbers: number[] = [0, -0, -1, 1, 0.5, -0.1, 2, 99, 100, 101, 255, 256, 32_767, 65_536, 2_147_483_647, 2_147_483_648, -2_147_483_649, 4_294_967_296, 9_007_199_254_740_991, 9_007_199_254_740_992, 1e21, 1e100, 1.7976931348623157e308, 5e-324]

/** Addresses for settings that the server will call: nothing answers there, or it must never be asked. */
export const trapAddresses: string[] = ['http://127.0.0.1:9/', 'http://[::1]:9/', 'http://169.254.169.254/latest/meta-data/', 'http://0x7f000001:9/', 'ftp://127.0.0.1/', 'javascript:alert(1)', 'http://user:pass@127.0.0.1:9/', 'http://127.0.0.1:99999/', 'http://', 'https://127.0.0.1:9', 'HTTP://127.0.0.1:9/\u0000', '//127.0.0.1:9', 'http://127.0.0.1:9/?q=<script>']

const deep = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth)

/** Bodies that are no JSON, or JSON that hurts to read. */
export const rawBodies: (string | Uint8Array)[] = [
  '', ' ', '{', '}', '{}', '[]', 'null', 'true', '0', '""', '"text"', '[[]]', '{"a":}', '{"a":1,}', '{\'a\':1}', '{"a":1}{"b":2}', 'undefined', 'NaN', '// comment\n{}', '\ufeff{}',
  deep(5_000, '[', ']'), deep(30_000, '[', ']'), '[', deep(8_000, '{"a":', '}').replace(/\{"a":\}/, '{"a":1}'), '[' + '1,'.repeat(30_000) + '1]',
  '{"message_text":"a","message_text":"b"}', '{"version":1e99999}', '{"version":-1e-99999}', '{"version":' + '9'.repeat(5_000) + '}', '{"__proto__":{"isAdmin":true},"message_text":"hi"}', '{"constructor":{"prototype":{"x":1}}}',
  `{"message_text":"${'x'.repeat(65_000)}"}`, `{"message_text":"${'x'.repeat(70_000)}"}`, `{${Array.from({ length: 3_000 }, (_, n) => `"k${n}":${n}`).join(',')}}`,
  '{"message_text":"\\ud800"}', '{"message_text":"\\u0000"}', '{"\\ud800":1}',
  new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), new Uint8Array([0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]), new Uint8Array([0x1f, 0x8b, 0x08, 0x00]), new Uint8Array(1_000),
  'question,answer\n"unclosed,b', 'question;answer\r\na;b', 'question,answer\n=cmd(),@x\n', `question,answer\n${'"'.repeat(999)}`, 'question\n', ',,,\n,,,',
]

export const contentTypes: string[] = ['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset=utf-16', 'text/csv', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/octet-stream', 'application/jsonp', 'application/problem+json', '*/*', 'x', '']

export const oddHeaders: Record<string, string>[] = [
  {}, {}, {}, {},
  { 'x-request-id': 'a'.repeat(64) }, { 'x-request-id': 'a'.repeat(65) }, { 'x-request-id': '<script>' }, { 'x-request-id': '../..' }, { 'x-request-id': '' },
  { origin: 'https://evil.example' }, { origin: 'null' }, { origin: 'not an address' }, { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-origin' },
  { accept: 'text/html' }, { accept: 'x'.repeat(4_000) }, { 'accept-encoding': 'identity;q=0, *;q=0' }, { 'accept-language': 'el-GR,\u00e9' },
  { 'if-none-match': '*' }, { 'if-none-match': '"'.repeat(50) }, { 'if-none-match': `W/"v1-0-100", ${'"x",'.repeat(200)}` }, { 'if-modified-since': 'never' }, { range: 'bytes=0-1' },
  { 'x-http-method-override': 'DELETE' }, { 'x-forwarded-for': '1.2.3.4, evil' }, { 'x-forwarded-proto': 'gopher' }, { 'x-forwarded-host': 'evil.example' }, { forwarded: 'for=_x' },
  { authorization: 'Bearer x' }, { authorization: 'Basic ====' }, { authorization: 'Bearer' }, { cookie: 'vb_session=' }, { cookie: 'vb_session=%' }, { cookie: `vb_session=${'A'.repeat(4_000)}` }, { cookie: ';;;=;=a' }, { cookie: '__proto__=x; vb_session=\u00ff' },
  { 'content-encoding': 'gzip' }, { 'content-encoding': 'br' }, { 'content-language': 'x' }, { te: 'trailers' }, { 'user-agent': '' }, { 'user-agent': 'ü'.repeat(900) },
]
