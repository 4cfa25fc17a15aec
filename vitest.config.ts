import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { mendedPostgres } from './scripts/build/mend-postgres'
import { nuxtAutoImports, nuxtComponents } from './tests/support/nuxt-vite-plugins'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const alias = {
  '~~': path('.'),
  '@@': path('.'),
  '~': path('.'),
  '@': path('.'),
  '#api-routes': path('./tests/support/api-routes.ts'),
  '#shared': path('./shared'),
  '#server': path('./server'),
  '#drizzle': path('./drizzle'),
  // What Nuxt would generate. Tests run without booting Nuxt (0.3 s instead of 8), with these few stand-ins.
  '#imports': path('./tests/support/nuxt-imports.ts'),
}

const noise = './tests/support/fail-on-noise.ts'

function integration(database: 'pglite' | 'postgres'): TestProjectInlineConfiguration {
  return {
    resolve: { alias },
    plugins: [mendedPostgres()],
    test: {
      name: `integration-${database}`,
      // As in the build, so that it is mended here too.
      server: { deps: { inline: [/\/node_modules\/postgres\//] } },
      include: ['tests/integration/**/*.test.ts'],
      environment: 'node',
      env: { TEST_DB: database, NODE_ENV: 'test', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent', TZ: 'UTC' },
      globalSetup: [`./tests/support/database-template.${database}.ts`],
      setupFiles: [noise],
      testTimeout: 60_000,
      hookTimeout: 120_000,
    },
  }
}

export default defineConfig({
  test: {
    // Two cores: more workers only wait for one another, and each PGlite holds 340 MB.
    maxWorkers: Number(process.env.TEST_WORKERS ?? 2),
    projects: [
      {
        resolve: { alias },
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], environment: 'node', env: { LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent', TZ: 'UTC' }, setupFiles: [noise], testTimeout: 30_000 },
      },
      {
        plugins: [vue(), nuxtAutoImports(), nuxtComponents(path('./components'))],
        resolve: { alias },
        test: {
          name: 'components',
          include: ['tests/components/**/*.test.ts'],
          environment: 'happy-dom',
          env: { TZ: 'UTC' },
          setupFiles: [noise, './tests/support/mount-setup.ts'],
          testTimeout: 30_000,
        },
      },
      integration('pglite'),
      integration('postgres'),
      {
        resolve: { alias },
        test: {
          name: 'commands',
          include: ['tests/commands/**/*.test.ts'],
          environment: 'node',
          setupFiles: [noise],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        resolve: { alias },
        test: {
          name: 'serverless',
          include: ['tests/serverless/**/*.test.ts'],
          environment: 'node',
          setupFiles: [noise],
          testTimeout: 120_000,
          // The build for a host is made here: half a minute, more on a busy machine.
          hookTimeout: 900_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['server/**/*.ts', 'stores/**/*.ts', 'shared/**/*.ts', 'composables/**/*.ts'],
      // Entry and plugins run only inside the built server, where tests/commands starts, stops and kills them.
      exclude: ['**/*.d.ts', 'server/entry/**', 'server/plugins/**'],
      reporter: ['text-summary', 'json-summary', 'html', 'lcov'],
      reportsDirectory: 'coverage',
    },
  },
})
