import { writeFileSync } from 'node:fs'
import { isPermissive, licencesPage, productionPackages } from './lib/licences.mjs'
import { at, root } from './lib/project.mjs'

/* npm run licences: writes docs/licences.md; ends with 1 where a licence is not permissive. */

const packages = productionPackages(root)
writeFileSync(at('docs/licences.md'), licencesPage(packages))
const others = packages.filter(({ licence }) => !isPermissive(licence))
console.log(`docs/licences.md has ${packages.length} packages.`)
for (const { name, version, licence } of others) console.error(`${name} ${version} is under ${licence || 'no licence that is named'}: replace it, or add its licence to scripts/lib/licences.mjs if it is permissive.`)
process.exitCode = others.length ? 1 : 0
