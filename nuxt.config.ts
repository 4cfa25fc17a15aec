import { fileURLToPath } from 'node:url'
import { apiRoutesModule } from './scripts/build/api-routes'
import { leanAuth } from './scripts/build/lean-auth'
import { leanCookies } from './scripts/build/lean-cookies'
import { mendedPostgres } from './scripts/build/mend-postgres'
import { copyMatcherAssets, encoderFiles } from './scripts/matcher/output-files'

const serverDir = fileURLToPath(new URL('./server', import.meta.url))
const rootDir = fileURLToPath(new URL('.', import.meta.url))
const drizzleDir = fileURLToPath(new URL('./drizzle', import.meta.url))
// Hosts with a preset of their own (vercel, netlify, aws-lambda) bring their own entry; ours drives plain Node.
const preset = (process.env.NITRO_PRESET || process.env.SERVER_PRESET || '').replaceAll('_', '-')
const isFunctions = ['vercel', 'netlify', 'aws-lambda'].includes(preset)
const ownEntry = preset ? undefined : `${serverDir}/entry/node-server.ts`

// A second build beside the first (a benchmark, a test, another port) keeps out of the first one's folders.
const buildDir = process.env.NUXT_BUILD_DIR
const outputDir = process.env.NUXT_OUTPUT_DIR

export default defineNuxtConfig({
  modules: ['@pinia/nuxt', '@sidebase/nuxt-auth', '@nuxt/eslint', 'nuxt-security'],
  // Our own code is imported by name, so that a search finds every use and a handler runs without Nuxt.
  imports: { scan: false },
  components: [{ path: '~/components', pathPrefix: false }],
  devtools: { enabled: false },
  app: {
    head: {
      htmlAttrs: { lang: 'en' },
      meta: [
        { name: 'viewport', content: 'width=device-width, initial-scale=1, viewport-fit=cover' },
        { name: 'color-scheme', content: 'light dark' },
      ],
      link: [{ rel: 'icon', type: 'image/svg+xml', href: '/favicon.svg' }],
    },
  },
  css: ['~/assets/css/tokens.css', '~/assets/css/base.css'],
  ...(buildDir ? { buildDir } : {}),
  alias: { '#server': serverDir, '#drizzle': drizzleDir },
  // Linked styles are fetched once; inlined ones come with each page and then again as files for the pages that follow.
  features: { inlineStyles: false },
  experimental: {
    nitroAutoImports: false,
    // Each of these is code on a customer's page for something the site does not use.
    appManifest: false,
    payloadExtraction: false,
    browserDevtoolsTiming: false,
    clientNodeCompat: false,
    componentIslands: false,
    // A link's page is fetched when somebody is about to follow it, not because it is in sight: phones pay for every byte.
    defaults: { nuxtLink: { prefetchOn: { interaction: true, visibility: false } } },
  },
  $production: { nitro: { entry: ownEntry } },
  compatibilityDate: '2026-11-01',
  nitro: {
    // Netlify's preset would publish into dist/ of the project all the same.
    ...(outputDir ? { output: { dir: outputDir, ...(preset === 'netlify' ? { publicDir: `${outputDir}/dist` } : {}) } } : {}),
    // A function keeps no files: 16 MB of a database that could not be opened there stay out.
    ...(isFunctions ? { sourceMap: false, alias: { '@electric-sql/pglite': `${serverDir}/db/no-embedded-database.ts`, 'drizzle-orm/pglite': `${serverDir}/db/no-embedded-database.ts` } } : {}),
    compressPublicAssets: { gzip: true, brotli: true },
    serverAssets: [
      { baseName: 'migrations', dir: `${drizzleDir}/migrations`, pattern: '*.sql' },
      { baseName: 'fonts', dir: fileURLToPath(new URL('./node_modules/dejavu-fonts-ttf/ttf', import.meta.url)), pattern: 'DejaVuSans{,-Bold}.ttf' },
    ],
    // The encoder's worker requires these by name, where no bundler sees it. Hosts of functions do without: 33 MB, and no threads to keep.
    externals: {
      // Of packages made of many files, or of CommonJS that Node would have to search for exports first: read one by one they were a third of the start. And the one that is mended below.
      // By names: a pattern counts for as much as it is long, and loses against Nitro's own rule, the path of node_modules, where that is longer.
      inline: ['postgres', 'zod', 'drizzle-orm', 'openid-client', 'oauth4webapi', 'jose', 'uuid', 'lru-cache', 'xss', 'cssfilter', 'cockatiel', 'snowball-stemmers', '@opentelemetry/api', 'prom-client', 'tdigest', 'bintrees'],
      traceInclude: ownEntry ? encoderFiles(rootDir) : [],
    },
    rollupConfig: { output: {}, plugins: [mendedPostgres()] },
    virtual: { '#api-routes': () => apiRoutesModule(serverDir) },
    typescript: { strict: true },
    hooks: {
      // Nitro would carry server/assets inside its bundle; the matcher reads its tables from files beside it.
      'build:before': (nitro) => {
        nitro.options.serverAssets = nitro.options.serverAssets.filter(asset => asset.baseName !== 'server')
      },
      'compiled': nitro => copyMatcherAssets(rootDir, nitro.options.output.serverDir),
    },
  },
  vite: {
    define: { __VUE_OPTIONS_API__: 'false' },
    plugins: [leanCookies(), leanAuth()],
    build: {
      // 5 % smaller pages than esbuild's, for a few seconds of the build.
      minify: 'terser',
      terserOptions: { module: true, ecma: 2020, compress: { passes: 2 } },
      // The first chunk lists what each page needs, the whole back office's too. Styles are fetched ahead from that list;
      // scripts are few and small, and their own imports bring them.
      modulePreload: { resolveDependencies: (_, files) => files.filter(file => file.endsWith('.css')) },
    },
    ...(buildDir ? { cacheDir: `${buildDir}/vite-cache` } : {}),
  },
  hooks: {
    // Ours answers on /api and leaves the rest to Nuxt's, which draws error.vue.
    'nitro:config': (config) => {
      config.errorHandler = [`${serverDir}/utils/error-handler.ts`, config.errorHandler ?? []].flat()
    },
    // Without this each page has the browser fetch every layout and the error page ahead of need: 36 KB of the back
    // office's scripts for a customer who will never open it.
    'build:manifest': (manifest) => {
      for (const entry of Object.values(manifest)) entry.dynamicImports = []
    },
    // As in Nuxt 4: four plugins of Unhead's, 1 KB of each page, serve only code written for older versions.
    'app:templates': (app) => {
      const template = app.templates.find(({ filename }) => filename === 'unhead-options.mjs')
      if (template) template.getContents = () => 'export default { disableDefaults: true }'
    },
  },
  telemetry: false,
  typescript: {
    strict: true,
    tsConfig: { compilerOptions: { noUncheckedIndexedAccess: true, noImplicitOverride: true } },
  },
  auth: {
    baseURL: '/api/auth',
    // The session itself is our httpOnly cookie. What nuxt-auth calls the token is a constant marker (docs/decisions/0002).
    provider: {
      type: 'local',
      endpoints: {
        signIn: { path: '/login', method: 'post' },
        signOut: { path: '/logout', method: 'post' },
        signUp: { path: '/register', method: 'post' },
        getSession: { path: '/session', method: 'get' },
      },
      pages: { login: '/sign-in' },
      token: {
        signInResponseTokenPointer: '/token',
        cookieName: 'vb_signed_in',
        type: '',
        headerName: 'X-Signed-In',
        maxAgeInSeconds: 30 * 24 * 60 * 60,
        sameSiteAttribute: 'lax',
        secureCookieAttribute: false,
      },
      session: {
        dataType: { id: 'string', email: 'string', name: 'string', role: '\'customer\' | \'admin\'' },
        dataResponsePointer: '/user',
      },
    },
    sessionRefresh: { enableOnWindowFocus: false, enablePeriodically: false, handler: '~/composables/session-refresh' },
    globalAppMiddleware: false,
  },
  // What a link in an e-mail carries is in its fragment, which no Referer names; nor does it name these pages.
  routeRules: Object.fromEntries(['/reset-password', '/confirm-email'].map(path => [path, { security: { headers: { referrerPolicy: 'no-referrer' as const } } }])),
  eslint: { config: { stylistic: { semi: false, quotes: 'single', indent: 2, commaDangle: 'always-multiline' } } },
  pinia: { storesDirs: [] },
  security: {
    strict: false,
    rateLimiter: false,
    requestSizeLimiter: false,
    xssValidator: false,
    corsHandler: false,
    allowedMethodsRestricter: false,
    csrf: false,
    nonce: true,
    ssg: false,
    sri: false,
    removeLoggers: false,
    headers: {
      crossOriginEmbedderPolicy: false,
      referrerPolicy: 'strict-origin-when-cross-origin',
      strictTransportSecurity: false,
      permissionsPolicy: { 'camera': [], 'microphone': [], 'geolocation': [], 'display-capture': [], 'fullscreen': [] },
      contentSecurityPolicy: {
        'default-src': ['\'self\''],
        'base-uri': ['\'none\''],
        'connect-src': ['\'self\''],
        'font-src': ['\'self\''],
        'form-action': ['\'self\''],
        'frame-ancestors': ['\'none\''],
        'img-src': ['\'self\'', 'data:'],
        'object-src': ['\'none\''],
        'script-src': ['\'self\'', '\'strict-dynamic\'', '\'nonce-{{nonce}}\''],
        'script-src-attr': ['\'none\''],
        'style-src': ['\'self\'', '\'unsafe-inline\''],
        'upgrade-insecure-requests': false,
      },
    },
  },
})
