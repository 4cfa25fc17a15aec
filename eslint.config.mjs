// @ts-check
import { existsSync } from 'node:fs'
import { boundaries } from './scripts/lint/boundaries.mjs'

// `nuxi prepare` writes it; a fresh clone has none until then.
const generated = new URL('./.nuxt/eslint.config.mjs', import.meta.url)
if (!existsSync(generated)) throw new Error('Run `npx nuxi prepare` first: it writes .nuxt/eslint.config.mjs, which the lint rules build on.')
const { default: withNuxt } = await import(generated.href)

export default withNuxt(
  { name: 'ours/ignored', ignores: ['.cache/**', 'coverage/**', 'test-results/**', 'playwright-report/**', 'drizzle/migrations/**'] },
  // The order in nuxt.config.ts tells a story of its own.
  { name: 'ours/nuxt-config', files: ['nuxt.config.ts'], rules: { 'nuxt/nuxt-config-keys-order': 'off' } },
  {
    name: 'ours/product-code',
    files: ['{pages,layouts,components,composables,stores,middleware,plugins,shared,server}/**/*.{ts,vue}', '*.vue'],
    rules: {
      // The server has its log, which knows what must never be written; the browser's console is not for customers.
      'no-console': 'error',
      'eqeqeq': ['error', 'always', { null: 'ignore' }],
      // Fails the build of a page that trusts text from outside; the few places that show sanitised HTML say so beside it.
      'vue/no-v-html': 'error',
    },
  },
  {
    name: 'ours/types',
    files: ['**/*.{ts,vue}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { prefer: 'type-imports', fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
    },
  },
  {
    // How a template is broken into lines is the writer's business; white space inside of an element also shows on the page.
    name: 'ours/templates',
    files: ['**/*.vue'],
    rules: {
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/html-self-closing': 'off',
    },
  },
  ...boundaries,
)
